--- Accepts as supermaven-nvim does: text edits, in the mapping itself.
local M = {}

function M.accept(text)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local place = { line = row - 1, character = column }
  vim.lsp.util.apply_text_edits(
    { { range = { start = place, ['end'] = place }, newText = text } },
    vim.api.nvim_get_current_buf(),
    'utf-16'
  )
end

return M
