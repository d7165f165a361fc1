--- Accepts as minuet does, which says beforehand which model it asked.
local M = {}

function M.accept(text)
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'MinuetRequestFinished',
    data = { provider = 'openai', name = 'OpenAI', model = 'a-model' },
  })
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, column, vim.split(text, '\n'))
end

return M
