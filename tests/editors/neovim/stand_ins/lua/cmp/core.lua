--- Inserts an item's text.
local M = {}

function M.insert(text)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, column, { text })
end

return M
