--- Completion plug-ins: which source the item comes from that a key is about to insert.
---
--- nvim-cmp and blink.cmp forget the item before they insert it, and insert it by keys or by code. So what is selected
--- is noted with each key that a person presses.
local origin = require('byline.origin')

local M = {}

-- Sources that complete what a person writes. What another source offers may be an AI's.
local PLAIN = {}
for _, name in ipairs({
  'buffer',
  'cmdline',
  'lsp',
  'luasnip',
  'nvim_lsp',
  'nvim_lsp_signature_help',
  'nvim_lua',
  'omni',
  'path',
  'snippets',
  'treesitter',
  'vsnip',
}) do
  PLAIN[name] = true
end

local AI = {
  cmp_ai = 'cmp_ai',
  cmp_tabnine = 'tabnine',
  codeium = 'windsurf',
  copilot = 'copilot',
  minuet = 'minuet',
  supermaven = 'supermaven',
}

---@class byline.Selected
---@field source string in lower case
---@field texts string[] that inserting the item may insert

local selected = nil ---@type byline.Selected?

---@param item lsp.CompletionItem
---@return string[]
local function texts(item)
  return vim.tbl_filter(function(text)
    return type(text) == 'string'
  end, { vim.tbl_get(item, 'textEdit', 'newText') or '', item.insertText or '', item.label or '' })
end

---@return byline.Selected?
local function in_cmp()
  local cmp = package.loaded['cmp']
  local entry = cmp and cmp.visible() and (cmp.get_selected_entry() or cmp.get_entries()[1])
  return entry and { source = entry.source.name:lower(), texts = texts(entry.completion_item) } or nil
end

---@return byline.Selected?
local function in_blink()
  local list = package.loaded['blink.cmp.completion.list']
  local item = list and list.get_selected_item()
  return item and { source = (item.source_id or item.source_name):lower(), texts = texts(item) } or nil
end

--- A person has pressed a key in insert mode: note what is selected before it has an effect.
function M.look()
  selected = nil
  for _, find in ipairs({ in_cmp, in_blink }) do
    local ok, found = pcall(find) -- other versions of these plug-ins may be built otherwise: then nothing is known
    selected = selected or (ok and found or nil)
  end
end

--- What the insertion of `text` is, if the selected item has it; nil if not. `other` where its source is not known.
---@param text string
---@return byline.Origin?
function M.origin(text)
  if not selected or text == '' then
    return nil
  end
  for _, candidate in ipairs(selected.texts) do
    if candidate:find(text, 1, true) then
      if AI[selected.source] then
        return origin.new('inlineAccept', { tool = AI[selected.source], proof = 'command' })
      end
      return PLAIN[selected.source] and origin.SUGGEST or origin.OTHER
    end
  end
end

return M
