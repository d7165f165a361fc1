--- Code lenses and inlay hints. Neovim 0.12 keeps lenses up to date itself; before that it is done here.
local client = require('byline.client')
local config = require('byline.config')
local timing = require('byline.timing')

local M = {}

local PAUSE = 200 -- ms

local pending = {} ---@type table<integer, byline.Timer>

---@param bufnr integer
local function refresh_now(bufnr)
  pending[bufnr] = nil
  local attached = vim.api.nvim_buf_is_loaded(bufnr) and client.of(bufnr)
  if not attached or vim.lsp.codelens.enable then
    return
  elseif not config.current.lens.enabled then
    return vim.lsp.codelens.clear(attached.id, bufnr)
  end
  -- The request is made here and not by `vim.lsp.codelens.refresh`, which would show the lenses of all other servers.
  attached:request(
    'textDocument/codeLens',
    { textDocument = { uri = vim.uri_from_bufnr(bufnr) } },
    vim.lsp.codelens.on_codelens,
    bufnr
  )
end

--- Have the lenses of a buffer asked for again, soon, and not while somebody types in it.
---@param bufnr integer
function M.refresh(bufnr)
  if bufnr == vim.api.nvim_get_current_buf() and vim.api.nvim_get_mode().mode:find('^[iR]') then
    return -- leaving insert mode asks again
  end
  pending[bufnr] = pending[bufnr] or timing.debounce(PAUSE, function()
    refresh_now(bufnr)
  end)
  pending[bufnr].call()
end

--- The same for all buffers of a client.
---@param client_id integer
function M.refresh_all(client_id)
  local attached = vim.lsp.get_client_by_id(client_id)
  for bufnr in pairs(attached and attached.attached_buffers or {}) do
    M.refresh(bufnr)
  end
end

--- Draw what is wanted in a buffer.
---@param bufnr integer
---@param client_id integer
function M.attach(bufnr, client_id)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(config.current.lens.enabled, { bufnr = bufnr, client_id = client_id })
  elseif config.current.lens.enabled then
    M.refresh(bufnr)
  end
  if config.current.hints.enabled then
    vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
  end
end

--- Have a server give lenses and hints, or not; it asks for them to be drawn anew.
---@param server vim.lsp.Client
---@param enabled boolean
local function switch(server, enabled)
  local bufnr = next(server.attached_buffers) or vim.api.nvim_get_current_buf()
  local toggle = { command = 'byline.toggle', arguments = { vim.empty_dict() } }
  server:request('workspace/executeCommand', toggle, function(_, result)
    if result and result.enabled ~= enabled then
      switch(server, enabled)
    end
  end, bufnr)
end

--- Whether lenses are drawn, from now on.
---@param enabled boolean
function M.enable(enabled)
  config.current.lens.enabled = enabled
  for _, server in ipairs(vim.lsp.get_clients({ name = client.NAME })) do
    switch(server, enabled)
    for bufnr in pairs(enabled and server.attached_buffers or {}) do
      M.attach(bufnr, server.id)
    end
  end
end

return M
