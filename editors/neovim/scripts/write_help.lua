--- `nvim --clean -l scripts/write_help.lua`: put the settings of the schema into the help.
local root = vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(arg[0])))
package.path = root .. '/lua/?.lua;' .. package.path

local path = root .. '/doc/byline.txt'
local FIRST, LAST = 'does not exist, or whose value has the wrong type, is an error.', ('='):rep(78)

local written, inside = {}, false
for line in io.lines(path) do
  if inside and line == LAST then
    inside = false
  end
  if not inside then
    table.insert(written, line)
  end
  if line == FIRST then
    inside = true
    table.insert(written, '')
    vim.list_extend(written, require('byline.config').help())
  end
end
local file = assert(io.open(path, 'w'))
file:write(table.concat(written, '\n'), '\n')
file:close()
