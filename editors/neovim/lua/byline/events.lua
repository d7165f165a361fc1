--- What AI plug-ins announce by their own events, passed on as `byline/agentEvent` and `byline/proposal`.
local M = {}

---@class byline.Known what a tool last said of itself
---@field model? string
---@field prompt? string
---@field session? string

local known = {} ---@type table<string, byline.Known>
local notify ---@type fun(method: string, params: table)

--- The model, prompt and session that belong to what `tool` writes now, as far as it said.
---@param tool string?
---@return byline.Known
function M.known(tool)
  return known[tool] or {}
end

---@param value any
---@return string|vim.NIL
local function text(value)
  if type(value) == 'number' then
    value = tostring(value)
  end
  return type(value) == 'string' and value or vim.NIL
end

---@param tool string
---@param event 'request_start'|'request_end'|'file_edited'|'prompt'
---@param facts? {model?: any, path?: any, prompt?: any, session?: any}
local function agent_event(tool, event, facts)
  facts = facts or {}
  local said = known[tool] or {}
  known[tool] = said
  for _, field in ipairs({ 'model', 'prompt', 'session' }) do
    if type(facts[field]) == 'string' then
      said[field] = facts[field]
    end
  end
  notify('byline/agentEvent', {
    tool = tool,
    event = event,
    session = text(facts.session),
    model = text(facts.model),
    path = text(facts.path),
    prompt = text(facts.prompt),
    ts = os.time(),
  })
end

---@param state 'shown'|'accepted'|'rejected'|'closed'
---@param path any
local function proposal(state, path)
  if type(path) ~= 'string' or path == '' then
    return
  end
  notify('byline/proposal', {
    uri = vim.uri_from_fname(vim.fs.abspath(path)),
    tool = 'claude-code',
    session = vim.NIL,
    sha256After = vim.NIL,
    state = state,
    ts = os.time(),
  })
end

---@param data table
---@return string? # the model of CodeCompanion's adapter
local function adapter_model(data)
  local adapter = type(data.adapter) == 'table' and data.adapter or {}
  local model = adapter.model
  return type(model) == 'table' and model.name or model
end

---@type table<string, fun(data: table)>
local LISTENERS = {
  CodeCompanionRequestStarted = function(data)
    agent_event('codecompanion', 'request_start', { model = adapter_model(data), session = text(data.id) })
  end,
  CodeCompanionRequestFinished = function(data)
    agent_event('codecompanion', 'request_end', { model = adapter_model(data), session = text(data.id) })
  end,
  CodeCompanionFileEdited = function(data)
    agent_event('codecompanion', 'file_edited', { path = data.path })
  end,
  AvanteEditSubmitted = function(data)
    agent_event('avante', 'prompt', { prompt = data.request })
  end,
  AvanteInputSubmitted = function(data)
    agent_event('avante', 'prompt', { prompt = data.request })
  end,
  MinuetRequestFinished = function(data)
    agent_event('minuet', 'request_end', { model = data.model })
  end,
  SidekickNesDone = function()
    agent_event('copilot', 'request_end')
  end,
  ClaudeCodeDiffOpened = function(data)
    proposal('shown', data.file_path)
  end,
  ClaudeCodeDiffClosed = function(data)
    proposal('closed', data.file_path)
  end,
}

---@param group integer of autocommands
---@param send fun(method: string, params: table) tells every Byline server
function M.setup(group, send)
  notify = send
  for pattern, listener in pairs(LISTENERS) do
    vim.api.nvim_create_autocmd('User', {
      group = group,
      pattern = pattern,
      callback = function(event)
        listener(type(event.data) == 'table' and event.data or {})
      end,
    })
  end
  vim.api.nvim_create_autocmd('User', {
    group = group,
    pattern = 'OpencodeEvent:file.edited',
    callback = function(event)
      local data = type(event.data) == 'table' and event.data or {}
      local properties = vim.tbl_get(data, 'event', 'properties') or data.properties or {}
      agent_event('opencode', 'file_edited', { path = properties.file })
    end,
  })
end

return M
