--- `byline/hello`: what this client is and which proofs it can give.
local M = {}

M.VERSION = '0.1.0'

-- Modules by which AI plug-ins are known to be installed.
local AI_PLUGINS = {
  'avante',
  'claudecode',
  'codecompanion',
  'codeium',
  'copilot',
  'CopilotChat',
  'minuet',
  'neocodeium',
  'opencode',
  'sidekick',
  'supermaven-nvim',
}

---@return {id: string, version: any}[]
local function ai_plugins()
  local found = {}
  for _, name in ipairs(AI_PLUGINS) do
    local path = ('lua/%s/init.lua'):format(name)
    if #vim.api.nvim_get_runtime_file(path, false) > 0 then
      table.insert(found, { id = name, version = vim.NIL })
    end
  end
  return found
end

---@param client vim.lsp.Client
function M.send(client)
  client:notify('byline/hello', {
    client = 'nvim',
    clientVersion = M.VERSION,
    editorVersion = tostring(vim.version()),
    channels = {
      detailedReason = false,
      pasteProvider = true,
      inlineOverride = false,
      stack = true,
      diskDigest = false,
    },
    aiExtensions = ai_plugins(),
  })
end

return M
