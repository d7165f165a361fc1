" Accepts as copilot.vim does: an <expr> mapping that returns keys, which insert an expression.
function! copilot#Accept(text) abort
  let s:text = a:text
  return "\<C-R>\<C-O>=copilot#TextQueuedForInsertion()\<CR>"
endfunction

function! copilot#TextQueuedForInsertion() abort
  return remove(s:, 'text')
endfunction
