--- Accepts as avante does, in a coroutine.
local M = {}

function M.accept(text)
  local accept = coroutine.wrap(function()
    local row = vim.api.nvim_win_get_cursor(0)[1]
    vim.api.nvim_buf_set_lines(0, row - 1, row, false, vim.split(text, '\n'))
  end)
  accept()
end

return M
