--- Accepts as windsurf.nvim does: keys that insert an expression.
local M = {}

local completion = ''

function M.get_completion_text()
  return completion
end

function M.accept(text)
  completion = text
  local keys = "<C-R><C-O>=v:lua.require'codeium.virtual_text'.get_completion_text()<CR>"
  return vim.api.nvim_replace_termcodes(keys, true, true, true)
end

return M
