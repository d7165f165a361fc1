--- Accepts as copilot.lua does: scheduled, through the language client's text edits.
local M = {}

function M.accept(text)
  local bufnr = vim.api.nvim_get_current_buf()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.schedule(function()
    local place = { line = row - 1, character = column }
    local edit = { range = { start = place, ['end'] = place }, newText = text }
    vim.lsp.util.apply_text_edits({ edit }, bufnr, 'utf-16')
  end)
end

return M
