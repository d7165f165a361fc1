--- `:checkhealth byline`.
local client = require('byline.client')
local config = require('byline.config')

local M = {}

local PATIENCE = 3000 -- ms

local function check_neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. tostring(vim.version()))
  else
    vim.health.error('Neovim is too old', 'Byline needs 0.11 or newer.')
  end
end

local function check_settings()
  if not vim.lsp.is_enabled(client.NAME) then
    vim.health.error('Byline is not enabled', "Call `require('byline').setup()`.")
  end
  local problems = config.problems(config.current)
  for _, problem in ipairs(problems) do
    vim.health.error(problem)
  end
  if #problems == 0 then
    vim.health.ok('settings are valid')
  end
end

local function check_command()
  local answer ---@type string[]|false|nil
  client.command(function(cmd)
    answer = cmd
  end)
  vim.wait(PATIENCE, function()
    return answer ~= nil
  end, 10)
  if not answer then
    vim.health.error('no server is found', { '`pip install byline`', 'or set `cmd`' })
  elseif vim.fn.executable(answer[1]) == 0 then
    vim.health.error(answer[1] .. ' is not executable', 'Correct the setting `cmd`.')
  else
    vim.health.ok('the server is started by `' .. table.concat(answer, ' ') .. '`')
  end
end

---@param server vim.lsp.Client
local function check_server(server)
  vim.health.ok(('a server runs for %s'):format(server.root_dir))
  local answer = server:request_sync(
    'byline/status',
    { uri = vim.uri_from_fname(server.root_dir) },
    PATIENCE,
    vim.api.nvim_get_current_buf()
  )
  local status = answer and answer.result
  if not status then
    vim.health.error('the server does not say how it is', 'See :LspLog.')
    return
  end
  vim.health.info(status.trusted and 'this repository is trusted' or 'this repository is not trusted')
  for _, problem in ipairs(status.problems) do
    vim.health.warn(problem)
  end
end

function M.check()
  vim.health.start('byline')
  check_neovim()
  check_settings()
  check_command()
  local servers = vim.lsp.get_clients({ name = client.NAME })
  for _, server in ipairs(servers) do
    check_server(server)
  end
  if #servers == 0 then
    vim.health.info('no server runs: it is started for files in a git repository')
  end
end

return M
