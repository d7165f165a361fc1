--- Streams as codecompanion's inline assistant does, after it said which model it asked.
local M = {}

function M.place(text)
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'CodeCompanionRequestStarted',
    data = { id = 7, adapter = { name = 'anthropic', model = 'a-model' } },
  })
  for _, piece in ipairs(vim.split(text, ' ')) do
    local row = vim.api.nvim_win_get_cursor(0)[1]
    local line = vim.api.nvim_get_current_line()
    local separator = line == '' and '' or ' '
    vim.api.nvim_buf_set_text(0, row - 1, #line, row - 1, #line, { separator .. piece })
  end
end

return M
