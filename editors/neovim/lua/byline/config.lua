--- Settings: one schema for defaults, validation and the table in the help.
local M = {}

---@class byline.Setting
---@field key string dotted
---@field default any
---@field type string|string[] types as `vim.validate` knows them
---@field doc string

---@type byline.Setting[]
M.SCHEMA = {
  {
    key = 'cmd',
    type = { 'table', 'nil' },
    doc = 'The command that starts the server, as a list. Without it: `byline lsp` if `byline` is in PATH, else '
      .. '`python3 -P -m byline lsp` if Python can import it.',
  },
  {
    key = 'settings',
    type = 'table',
    default = {},
    doc = 'Settings of the server, as in its documentation: `{ byline = { codeLens = { functions = true } } }`.',
  },
  {
    key = 'trust',
    type = { 'boolean', 'table', 'function' },
    default = false,
    doc = 'Whether you trust what is in a repository: true, a list of folders, or a function that gets the '
      .. 'root and answers. Without trust no transcripts are read and no model is asked.',
  },
  { key = 'blame.enabled', type = 'boolean', default = true, doc = 'Who wrote the current line, at its end.' },
  { key = 'blame.delay', type = 'number', default = 600, doc = 'After how long a pause that is shown. In ms.' },
  { key = 'lens.enabled', type = 'boolean', default = true, doc = 'Code lenses of Byline.' },
  {
    key = 'hints.enabled',
    type = 'boolean',
    default = false,
    doc = 'Inlay hints, at each change of author. This shows the hints of other servers in these buffers, too.',
  },
  { key = 'signs.enabled', type = 'boolean', default = false, doc = 'A sign beside each line.' },
  { key = 'signs.priority', type = 'number', default = 5, doc = 'Priority of these signs, see |sign-priority|.' },
  { key = 'max_lines', type = 'number', default = 40000, doc = 'Nothing is drawn in buffers with more lines.' },
}

---@param path string[]
---@param root table
---@param value any
local function put(root, path, value)
  for i = 1, #path - 1 do
    root[path[i]] = root[path[i]] or {}
    root = root[path[i]]
  end
  root[path[#path]] = value
end

---@return table
local function defaults()
  local root = {}
  for _, setting in ipairs(M.SCHEMA) do
    put(root, vim.split(setting.key, '.', { plain = true }), vim.deepcopy(setting.default))
  end
  return root
end

--- The keys of the schema: `true` for a setting, a table for a group.
---@return table
local function shape()
  local root = {}
  for _, setting in ipairs(M.SCHEMA) do
    put(root, vim.split(setting.key, '.', { plain = true }), true)
  end
  return root
end

---@param given table
---@param known table
---@param prefix string
---@param problems string[]
local function find_unknown(given, known, prefix, problems)
  for key, value in pairs(given) do
    if known[key] == nil then
      table.insert(problems, ('there is no setting %s%s; see :help byline-settings'):format(prefix, key))
    elseif type(known[key]) == 'table' then
      if type(value) == 'table' then
        find_unknown(value, known[key], prefix .. key .. '.', problems)
      else
        table.insert(problems, ('%s%s must be a table, not a %s'):format(prefix, key, type(value)))
      end
    end
  end
end

--- What is wrong with settings, in sentences.
---@param given table
---@return string[]
function M.problems(given)
  local problems = {}
  find_unknown(given, shape(), '', problems)
  for _, setting in ipairs(M.SCHEMA) do
    local ok, value = pcall(vim.tbl_get, given, unpack(vim.split(setting.key, '.', { plain = true })))
    local types = type(setting.type) == 'table' and setting.type or { setting.type }
    if ok and value ~= nil and not vim.list_contains(types, type(value)) then
      local wanted = table.concat(
        vim.tbl_filter(function(name)
          return name ~= 'nil'
        end, types),
        ' or '
      )
      table.insert(problems, ('%s must be a %s, not a %s'):format(setting.key, wanted, type(value)))
    end
  end
  table.sort(problems)
  return problems
end

---@type table
M.current = defaults()

--- Take settings over. Raises an error that lists all that is wrong with them.
---@param given table?
function M.set(given)
  local problems = M.problems(given or {})
  if #problems > 0 then
    error('byline: ' .. table.concat(problems, '; '), 0)
  end
  M.current = vim.tbl_deep_extend('force', defaults(), given or {})
end

--- Whether the person trusts the repository at `root`.
---@param root string?
---@return boolean
function M.trusted(root)
  local trust = M.current.trust
  if type(trust) == 'function' then
    return root ~= nil and trust(root) == true
  elseif type(trust) == 'table' then
    return root ~= nil
      and vim.iter(trust):any(function(folder)
        return vim.fs.relpath(vim.fs.normalize(folder), vim.fs.normalize(root)) ~= nil
      end)
  end
  return trust
end

--- The settings as they stand in the help.
---@return string[]
function M.help()
  local lines = {}
  for _, setting in ipairs(M.SCHEMA) do
    local tag = ('*byline-setting-%s*'):format(setting.key)
    local head = ('%s (default: %s)'):format(setting.key, vim.inspect(setting.default))
    table.insert(lines, head .. (' '):rep(math.max(1, 78 - #head - #tag)) .. tag)
    local line = '   '
    for word in setting.doc:gmatch('%S+') do
      if #line + 1 + #word > 78 then
        table.insert(lines, line)
        line = '   '
      end
      line = line .. ' ' .. word
    end
    vim.list_extend(lines, { line, '' })
  end
  return lines
end

return M
