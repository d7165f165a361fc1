--- Origins: what is said of an edit. The words are those of `byline/editContext`.
local M = {}

---@alias byline.Channel
---| 'typing' | 'paste' | 'inlineAccept' | 'chatApply' | 'agent' | 'format' | 'refactor'
---| 'snippet' | 'suggest' | 'undo' | 'redo' | 'reload' | 'other'

---@class byline.Clip what is known of a pasted text; never the text
---@field sha256 string
---@field internal boolean whether it was yanked in this Neovim
---@field srcUri string|vim.NIL
---@field srcVersion integer|vim.NIL
---@field srcRange lsp.Range|vim.NIL

---@class byline.Origin an optional field that is not known is `vim.NIL`, so that it is sent as null
---@field channel byline.Channel
---@field tool string|vim.NIL
---@field model string|vim.NIL
---@field session string|vim.NIL
---@field prompt string|vim.NIL
---@field proof string|vim.NIL
---@field request string|vim.NIL
---@field frames string[]|vim.NIL module-relative paths
---@field clip byline.Clip|vim.NIL

local OPTIONAL = { 'tool', 'model', 'session', 'prompt', 'proof', 'request', 'frames', 'clip' }

---@param channel byline.Channel
---@param known? table the fields that are known
---@return byline.Origin
function M.new(channel, known)
  local origin = { channel = channel }
  for _, field in ipairs(OPTIONAL) do
    origin[field] = known and known[field] or vim.NIL
  end
  return origin
end

M.TYPED = M.new('typing', { proof = 'literal_key' })
M.TYPED_BY_COMMAND = M.new('typing', { proof = 'command' })
M.TYPED_BY_SHAPE = M.new('typing', { proof = 'shape' })
M.SUGGEST = M.new('suggest', { proof = 'command' })
M.UNDO = M.new('undo', { proof = 'command' })
M.REDO = M.new('redo', { proof = 'command' })
M.OTHER = M.new('other')

return M
