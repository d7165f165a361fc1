--- Edits as avante's tools do, after it said what it was asked.
local M = {}

function M.func(text)
  vim.api.nvim_exec_autocmds('User', { pattern = 'AvanteEditSubmitted', data = { request = 'write it with care' } })
  local row = vim.api.nvim_win_get_cursor(0)[1]
  vim.api.nvim_buf_set_lines(0, row - 1, row, false, vim.split(text, '\n'))
end

return M
