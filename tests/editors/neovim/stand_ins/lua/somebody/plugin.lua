--- A plug-in that nobody knows.
local M = {}

function M.insert(text)
  local row = vim.api.nvim_win_get_cursor(0)[1]
  vim.api.nvim_buf_set_lines(0, row - 1, row, false, { text })
end

return M
