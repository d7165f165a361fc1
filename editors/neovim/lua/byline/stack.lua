--- The call stack of an edit: which Lua code made it. Typing, undo and commands have none.
local completion = require('byline.completion')
local events = require('byline.events')
local origin = require('byline.origin')

local M = {}

local DEEPEST = 60
local MOST_FRAMES = 16

---@class byline.Author
---@field path string the start of a module's path
---@field channel byline.Channel
---@field tool? string

-- AI plug-ins, the first match counts.
---@type byline.Author[]
local PLUGINS = {
  { path = 'copilot/', channel = 'inlineAccept', tool = 'copilot' },
  { path = 'CopilotChat/', channel = 'chatApply', tool = 'copilot' },
  { path = 'supermaven-nvim/', channel = 'inlineAccept', tool = 'supermaven' },
  { path = 'minuet/', channel = 'inlineAccept', tool = 'minuet' },
  { path = 'codeium/', channel = 'inlineAccept', tool = 'windsurf' },
  { path = 'neocodeium/', channel = 'inlineAccept', tool = 'windsurf' },
  { path = 'tabnine/', channel = 'inlineAccept', tool = 'tabnine' },
  { path = 'avante/suggestion', channel = 'inlineAccept', tool = 'avante' },
  { path = 'avante/llm_tools/', channel = 'agent', tool = 'avante' },
  { path = 'avante/', channel = 'chatApply', tool = 'avante' },
  { path = 'codecompanion/strategies/inline', channel = 'chatApply', tool = 'codecompanion' },
  { path = 'codecompanion/interactions/inline', channel = 'chatApply', tool = 'codecompanion' },
  { path = 'codecompanion/', channel = 'agent', tool = 'codecompanion' },
  { path = 'sidekick/nes', channel = 'inlineAccept', tool = 'copilot' },
  { path = 'sidekick/', channel = 'agent', tool = 'sidekick' },
  { path = 'claudecode/', channel = 'agent', tool = 'claude-code' },
  { path = 'opencode/', channel = 'agent', tool = 'opencode' },
}

-- Whose text no AI is behind, the first match counts.
---@type byline.Author[]
local TOOLS = {
  { path = 'conform/', channel = 'format' },
  { path = 'formatter/', channel = 'format' },
  { path = 'vim/snippet', channel = 'snippet' },
  { path = 'luasnip/', channel = 'snippet' },
  { path = 'vim/lsp/completion', channel = 'suggest' },
  { path = 'vim/_comment', channel = 'refactor' },
  { path = 'Comment/', channel = 'refactor' },
}

--- Neovim's own language client passes changes on: these frames are above an edit, not behind it.
local OURS = { 'byline/', 'vim/lsp/_changetracking', 'vim/lsp/client', 'vim/lsp/rpc', 'vim/lsp.lua' }

---@param source string as `debug.getinfo` has it
---@return string? # relative to the folder `lua`, or a stand-in for code that is in no module
local function module_path(source)
  if source == '=[C]' then
    return nil
  end
  local path = source:match('^@.*[/\\]lua[/\\](.+)$') or source:match('^@(vim/.+)$')
  return path and path:gsub('\\', '/') or '?'
end

---@param path string
local function is_ours(path)
  for _, prefix in ipairs(OURS) do
    if vim.startswith(path, prefix) then
      return true
    end
  end
  return false
end

---@class byline.Stack
---@field frames string[] module-relative, the innermost first
---@field functions table<function, true>

--- The Lua code that the edit comes from, innermost first, and its functions. Empty for what no Lua code did.
---@return byline.Stack
function M.read()
  local stack = { frames = {}, functions = {} }
  for level = 2, DEEPEST do
    local info = debug.getinfo(level, 'Sf')
    if not info then
      break
    end
    local path = module_path(info.source)
    if path and not is_ours(path) then
      stack.functions[info.func] = true
      if #stack.frames < MOST_FRAMES then
        table.insert(stack.frames, path)
      end
    end
  end
  return stack
end

---@param frames string[]
---@param authors byline.Author[]
---@return byline.Author?
local function find(frames, authors)
  for _, author in ipairs(authors) do
    for _, frame in ipairs(frames) do
      if vim.startswith(frame, author.path) then
        return author
      end
    end
  end
end

---@param frames string[]
local function passes(frames, path)
  return find(frames, { { path = path } }) ~= nil
end

---@param bufnr integer
---@return string? # the name of the only server that offers inline completion
local function inline_server(bufnr)
  local clients = vim.lsp.get_clients({ bufnr = bufnr, method = 'textDocument/inlineCompletion' })
  return #clients == 1 and clients[1].name or nil
end

---@param stack byline.Stack
---@return byline.Channel?
local function language_client(stack)
  local frames, functions = stack.frames, stack.functions
  if functions[vim.lsp.util.apply_workspace_edit] or functions[vim.lsp.util.rename] then
    return 'refactor'
  end
  if functions[vim.lsp.util.apply_text_edits] then
    if passes(frames, 'vim/lsp/buf') or passes(frames, 'vim/lsp/handlers') then
      return 'format'
    end
  end
end

--- What the stack tells of an edit.
---@param stack byline.Stack
---@param bufnr integer
---@param inserted string what was inserted, if it is short
---@return byline.Origin? # nil where no Lua code made the edit; `other` where nobody knows that code
function M.origin(stack, bufnr, inserted)
  local frames = stack.frames
  if #frames == 0 then
    return nil
  end
  local function said(channel, tool)
    return origin.new(
      channel,
      vim.tbl_extend('force', events.known(tool), {
        tool = tool,
        proof = 'stack',
        frames = vim.tbl_filter(function(frame)
          return frame ~= '?'
        end, frames),
      })
    )
  end
  local plugin = find(frames, PLUGINS)
  if plugin then
    return said(plugin.channel, plugin.tool)
  end
  if passes(frames, 'vim/lsp/inline_completion') then
    return said('inlineAccept', inline_server(bufnr))
  end
  if passes(frames, 'blink/cmp/') or passes(frames, 'cmp/') then
    return completion.origin(inserted) or said('other')
  end
  local tool = find(frames, TOOLS)
  return said(tool and tool.channel or language_client(stack) or 'other')
end

return M
