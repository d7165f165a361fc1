--- A language server inside Neovim, which formats and renames in the fourth line.
local M = {}

local function edit(first, last, text)
  local range = { start = { line = 3, character = first }, ['end'] = { line = 3, character = last } }
  return { range = range, newText = text }
end

local ANSWERS = {
  initialize = function()
    return { capabilities = { documentFormattingProvider = true, renameProvider = true } }
  end,
  ['textDocument/formatting'] = function()
    return { edit(5, 6, ' = ') }
  end,
  ['textDocument/rename'] = function(params)
    return { changes = { [params.textDocument.uri] = { edit(0, 5, params.newName) } } }
  end,
}

local function connect()
  return {
    request = function(method, params, callback)
      local answer = ANSWERS[method]
      callback(nil, answer and answer(params))
      return true, 1
    end,
    notify = function() end,
    is_closing = function()
      return false
    end,
    terminate = function() end,
  }
end

function M.start()
  vim.lsp.start({ name = 'other', cmd = connect })
end

return M
