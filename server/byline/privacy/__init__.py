"""What must not leave the editor: secrets, found and replaced before anything is stored or sent."""

from __future__ import annotations

from byline.privacy.redaction import Redacted, RedactionUnavailable, redact

__all__ = ["Redacted", "RedactionUnavailable", "redact"]
