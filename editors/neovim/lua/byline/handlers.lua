--- What the server sends of its own accord.
local M = {}

M['byline/attributionChanged'] = function(_, params)
  local bufnr = require('byline.context').buffer(params.uri)
  if bufnr and vim.api.nvim_buf_is_loaded(bufnr) then
    require('byline.draw').changed(bufnr)
  end
end

M['byline/commitRecorded'] = function(_, params)
  vim.api.nvim_exec_autocmds('User', { pattern = 'BylineCommit', modeline = false, data = params })
end

--- Neovim has no key store of its own: the server looks in the environment.
M['byline/credential'] = function()
  return { key = vim.NIL }
end

--- Before 0.12 Neovim does not draw lenses anew when it is asked to.
if not vim.lsp.codelens.enable then
  M['workspace/codeLens/refresh'] = function(_, _, context)
    require('byline.lens').refresh_all(context.client_id)
    return vim.NIL
  end
end

M['window/showMessage'] = function(problem, params, context)
  if params.type == vim.lsp.protocol.MessageType.Info and require('byline.ask').asking() then
    return vim.NIL -- the answer to a command; it is shown beside the cursor
  end
  return vim.lsp.handlers['window/showMessage'](problem, params, context)
end

--- A question of the server waits until nobody is typing: else the keys would answer it.
M['window/showMessageRequest'] = function(problem, params, context)
  local thread = coroutine.running()
  require('byline.attention').when_idle(function()
    coroutine.resume(thread)
  end)
  coroutine.yield()
  return vim.lsp.handlers['window/showMessageRequest'](problem, params, context)
end

return M
