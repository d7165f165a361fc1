--- Edits as codecompanion's agent does, and says so.
local M = {}

function M.edit(text)
  local row = vim.api.nvim_win_get_cursor(0)[1]
  vim.api.nvim_buf_set_lines(0, row - 1, row, false, vim.split(text, '\n'))
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'CodeCompanionFileEdited',
    data = { path = vim.api.nvim_buf_get_name(0), tool = 'insert_edit_into_file', bufnr = 0 },
  })
end

return M
