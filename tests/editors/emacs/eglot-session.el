;;; eglot-session.el --- A person at work in Emacs, for tests  -*- lexical-binding: t; -*-

;; Usage: emacs --batch -l CONFIGURATION -l eglot-session.el
;; The file $SESSION_FILE is visited and edited; what was seen is written to $SESSION_ANSWERS, as JSON.

(require 'cl-lib)
(require 'eglot)
(require 'json)

(setq eglot-sync-connect 10
      eglot-confirm-server-initiated-edits nil
      make-backup-files nil
      create-lockfiles nil)

(defun session-wait (what probe)
  "Wait until PROBE is true and return that; fail with WHAT if it never is."
  (let ((end (+ (float-time) 20)) answer)
    (while (not (setq answer (funcall probe)))
      (when (> (float-time) end) (error "Waited in vain for: %s" what))
      (accept-process-output nil 0.01))
    answer))

(defun session-type (text)
  "Press the keys of TEXT, one command each."
  (seq-do (lambda (key) (execute-kbd-macro (vector (if (eq key ?\n) ?\r key)))) text))

(defun session-pause ()
  "Let Eglot send what was changed, as it does when one pauses: in batch mode, Emacs is never idle."
  (eglot--signal-textDocument/didChange))

(defun session-hover ()
  "What the echo area would show for point."
  (let (shown)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown (or text ""))))
    (substring-no-properties (session-wait "a hover" (lambda () shown)))))

(defun session-choose (title from to)
  "Choose the code action TITLE for the text between FROM and TO in Eglot's own menu; return all titles."
  (let ((last-nonmenu-event ?\r)        ; a key: the menu is in the minibuffer
        offered)
    (goto-char from)
    (set-mark to)
    (setq mark-active t transient-mark-mode t)
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_ choices &rest _) (setq offered (mapcar #'car choices)) title)))
      (call-interactively #'eglot-code-actions))
    (deactivate-mark)
    (vconcat offered)))

(defun session-states ()
  "The state of every line, as the server tells it."
  (let* ((document (append (eglot--VersionedTextDocumentIdentifier) nil))
         (answer (jsonrpc-request (eglot--current-server-or-lose) :byline/attribution
                                  (list :textDocument document :range nil))))
    (vconcat (mapcar (lambda (line) (plist-get line :state)) (plist-get answer :lines)))))

(defun session-line (number)
  "Where line NUMBER begins."
  (save-excursion (goto-char (point-min)) (forward-line (1- number)) (point)))

(defun session (file)
  "Work on FILE; return what was seen."
  (switch-to-buffer (find-file-noselect file))
  (run-hooks 'post-command-hook)        ; which is when `eglot-ensure' connects
  (session-wait "the server" #'eglot-managed-p)
  (goto-char (point-max))
  (session-type "limit = 10\n")
  (session-pause)
  (insert "retries = 3\nverbose = True\n") ; at once, by a program
  (session-pause)
  (save-buffer)
  (goto-char (session-line 3))
  (let* ((hover (session-hover))
         (before (session-states))
         (offered (session-choose "Byline: Mark as written by me" (session-line 4) (point-max)))
         (after (session-wait "the mark" (lambda ()
                                           (let ((states (session-states)))
                                             (and (not (equal states before)) states))))))
    (goto-char (session-line 4))
    (prog1 `((hover . ,hover) (before . ,before) (offered . ,offered) (after . ,after)
             (marked-hover . ,(session-hover)))
      (eglot-shutdown (eglot-current-server) nil 5))))

(condition-case problem
    (let ((seen (session (getenv "SESSION_FILE"))))
      (with-temp-file (getenv "SESSION_ANSWERS") (insert (json-encode seen))))
  (error (message "%s" (error-message-string problem))
         (kill-emacs 1)))

;;; eglot-session.el ends here
