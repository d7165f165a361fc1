--- The client: which command starts the server, what it is told at the start, and how it is asked.
local config = require('byline.config')
local context = require('byline.context')

local M = {}

M.NAME = 'byline'

local PROBE = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("byline") is None)'

local command = nil ---@type string[]|false|nil what starts the server; false: nothing does
local waiting = nil ---@type fun(cmd: string[]|false)[]? for the answer

---@param cmd string[]|false
local function found(cmd)
  command = cmd
  local listeners = waiting or {}
  waiting = nil
  for _, listener in ipairs(listeners) do
    listener(cmd)
  end
  if not cmd then
    vim.notify(
      'Byline finds no server: install it (`pip install byline`), or set `cmd`. :checkhealth byline says more.',
      vim.log.levels.WARN
    )
  end
end

--- Find out what starts the server. `-P` keeps Python from importing a `byline` that lies in the working directory.
---@param answer fun(cmd: string[]|false)
function M.command(answer)
  if config.current.cmd then
    return answer(config.current.cmd)
  elseif command ~= nil then
    return answer(command)
  elseif waiting then
    table.insert(waiting, answer)
    return
  end
  waiting = { answer }
  local python = vim.fn.exepath('python3')
  if vim.fn.executable('byline') == 1 then
    found({ 'byline', 'lsp' })
  elseif python == '' then
    found(false)
  else
    vim.system({ python, '-P', '-c', PROBE }, {}, function(done)
      vim.schedule(function()
        found(done.code == 0 and { python, '-P', '-m', 'byline', 'lsp' } or false)
      end)
    end)
  end
end

--- The settings of the server for the repository at `root`.
---@param root string?
---@param others table? what was set through `vim.lsp.config`
---@return table
local function server_settings(root, others)
  local settings = vim.tbl_deep_extend('force', others or {}, config.current.settings.byline or {})
  if config.current.hints.enabled then
    settings.inlayHints = vim.tbl_extend('keep', settings.inlayHints or {}, { enabled = true })
  end
  settings.trusted = config.trusted(root)
  return settings
end

--- Start the server. What passes to it passes here first, so that each version goes with its origins.
---@param cmd string[]
---@param dispatchers vim.lsp.rpc.Dispatchers
---@param root string?
---@return vim.lsp.rpc.PublicClient
local function start(cmd, dispatchers, root)
  local rpc = vim.lsp.rpc.start(cmd, dispatchers, { cwd = root })
  local notify, request = rpc.notify, rpc.request
  function rpc.notify(method, params)
    if method == 'textDocument/didOpen' then
      context.opened(params.textDocument.uri)
    elseif method == 'textDocument/didClose' then
      context.closed(params.textDocument.uri)
    elseif method == 'textDocument/didChange' then
      context.changing(notify, params)
    end
    return notify(method, params)
  end
  function rpc.request(method, ...)
    if method == 'shutdown' then
      context.catch_up()
    end
    return request(method, ...)
  end
  return rpc
end

--- What `vim.lsp.config` gets.
---@return vim.lsp.Config
function M.config()
  local found_command ---@type string[]
  local capabilities = nil
  if not vim.lsp.codelens.enable then -- before 0.12 Neovim leaves lenses to plug-ins
    capabilities = { workspace = { codeLens = { refreshSupport = true } } }
  end
  return {
    cmd = function(dispatchers, resolved)
      return start(found_command, dispatchers, resolved and resolved.root_dir)
    end,
    root_dir = function(bufnr, on_dir)
      local root = vim.fs.root(bufnr, '.git')
      if not root then
        return
      end
      M.command(function(cmd)
        if cmd then
          found_command = cmd
          on_dir(root)
        end
      end)
    end,
    capabilities = capabilities,
    before_init = function(params, resolved)
      local settings = server_settings(resolved.root_dir, resolved.settings.byline)
      params.initializationOptions = settings
      resolved.settings.byline = settings -- the same table is asked for by `workspace/configuration`
    end,
    settings = { byline = {} },
    handlers = require('byline.handlers'),
    commands = require('byline.ask').commands,
  }
end

--- The client of a buffer.
---@param bufnr integer
---@return vim.lsp.Client?
function M.of(bufnr)
  return vim.lsp.get_clients({ name = M.NAME, bufnr = bufnr })[1]
end

--- Ask the server about a buffer; `answer` gets the result, nothing is said of errors but in the log.
---@param bufnr integer a real buffer number: Neovim sends what was typed before it asks only for that
---@param method string
---@param params table
---@param answer fun(result: any)
---@return boolean # whether there is somebody to ask
function M.request(bufnr, method, params, answer)
  local client = M.of(bufnr)
  if not client then
    return false
  end
  return client:request(method, params, function(problem, result)
    if problem then
      vim.lsp.log.info('byline', method, problem)
    elseif result ~= nil and result ~= vim.NIL then
      answer(result)
    end
  end, bufnr)
end

--- Tell all servers of Byline.
---@param method string
---@param params table
function M.notify(method, params)
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    client:notify(method, params)
  end
end

return M
