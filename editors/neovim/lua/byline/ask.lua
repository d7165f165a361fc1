--- The server's commands, asked by a person: the answer comes as a small window beside the cursor.
local client = require('byline.client')

local M = {}

local asking = 0 -- commands whose answer is not here yet

--- Whether the server answers a person's question just now: then what it shows as a message is shown anyway.
function M.asking()
  return asking > 0
end

---@param text string
function M.show(text)
  local lines = vim.split(text, '\n', { plain = true })
  vim.lsp.util.open_floating_preview(lines, '', {
    border = 'rounded',
    focus_id = 'byline',
    max_width = 80,
    wrap = true,
  })
end

--- Run a command of the server. What goes wrong is told: a person has asked.
---@param bufnr integer
---@param name string
---@param argument table
---@param answer fun(result: any)
function M.run(bufnr, name, argument, answer)
  local server = client.of(bufnr)
  if not server then
    vim.notify('Byline does not know this buffer: it is not a file in a git repository.', vim.log.levels.WARN)
    return
  end
  local known = vim.tbl_get(server.server_capabilities, 'executeCommandProvider', 'commands') or {}
  if not vim.list_contains(known, name) then
    vim.notify(
      ('This version of the server has no %s; update it with `pip install -U byline`.'):format(name),
      vim.log.levels.WARN
    )
    return
  end
  asking = asking + 1
  server:request('workspace/executeCommand', { command = name, arguments = { argument } }, function(problem, result)
    asking = asking - 1
    if problem then
      vim.notify('Byline: ' .. problem.message, vim.log.levels.ERROR)
    else
      answer(result)
    end
  end, bufnr)
end

---@param result {prompts: {prompt: string|vim.NIL, tool: string|vim.NIL, lines: integer[]}[]}
local function show_prompts(result)
  local wording = require('byline.wording')
  local shown = {}
  for _, each in ipairs(result.prompts) do
    local prompt = type(each.prompt) == 'string' and each.prompt or '(its text is not on this machine)'
    local lines = vim.tbl_map(function(line)
      return wording.plain(line, 500)
    end, vim.split(prompt, '\n', { plain = true }))
    local count = #each.lines
    local head = ('%s, %d line%s'):format(wording.tool(each.tool), count, count == 1 and '' or 's')
    table.insert(shown, head .. '\n\n' .. table.concat(lines, '\n'))
  end
  M.show(#shown > 0 and table.concat(shown, '\n\n') or 'No prompt is recorded for these lines.')
end

--- Show the prompts behind a place.
---@param bufnr integer
---@param place table
function M.prompt(bufnr, place)
  M.run(bufnr, 'byline.showPrompt', place, show_prompts)
end

--- Explain who wrote the first line of a place, and why Byline says so.
---@param bufnr integer
---@param place table
function M.explain(bufnr, place)
  M.run(bufnr, 'byline.explainLine', place, function(result)
    M.show(result.explanation)
  end)
end

--- Have a model write at a place, as the person says.
---@param bufnr integer
---@param place table
function M.write(bufnr, place)
  vim.ui.input({ prompt = 'What is to be written here? ' }, function(instruction)
    if not instruction or vim.trim(instruction) == '' then
      return
    end
    M.run(bufnr, 'byline.writeWithModel', vim.tbl_extend('force', place, { instruction = instruction }), function(result)
      if not result.applied then
        M.show(result.problem)
      end
    end)
  end)
end

--- What lenses and code actions run here instead of having the server show a message.
---@type table<string, fun(command: lsp.Command, context: table)>
M.commands = {
  ['byline.showPrompt'] = function(command, context)
    M.prompt(context.bufnr, command.arguments[1])
  end,
  ['byline.writeWithModel'] = function(command, context)
    M.write(context.bufnr, command.arguments[1])
  end,
  ['byline.explainLine'] = function(command, context)
    M.explain(context.bufnr, command.arguments[1])
  end,
}

return M
