"""What browsers of old phones lack, taken away from a browser of today before the page's own scripts run."""

from __future__ import annotations

NEWER = {
    "Object.hasOwn": "delete Object.hasOwn",
    "Object.fromEntries": "delete Object.fromEntries",
    "structuredClone": "delete window.structuredClone",
    "crypto.randomUUID": "delete Crypto.prototype.randomUUID",
    "at": "delete Array.prototype.at; delete String.prototype.at",
    "flat": "delete Array.prototype.flat; delete Array.prototype.flatMap",
    "findLast": "delete Array.prototype.findLast; delete Array.prototype.toSorted",
    "replaceAll": "delete String.prototype.replaceAll; delete String.prototype.matchAll",
    "allSettled": "delete Promise.allSettled; delete Promise.any; delete Promise.withResolvers",
    "queueMicrotask": "delete window.queueMicrotask",
    "replaceChildren": "delete Element.prototype.replaceChildren",
    "toggleAttribute": "delete Element.prototype.toggleAttribute",
    "AbortSignal.timeout": "delete AbortSignal.timeout; delete AbortSignal.any",
    "AbortController": "delete window.AbortController; delete window.AbortSignal",
    "SubmitEvent.submitter": "delete SubmitEvent.prototype.submitter; delete HTMLFormElement.prototype.requestSubmit",
    "isConnected": "delete Node.prototype.isConnected",
    "IntersectionObserver": "delete window.IntersectionObserver; delete window.ResizeObserver",
    "sendBeacon": "delete Navigator.prototype.sendBeacon; delete Navigator.prototype.locks",
    "BroadcastChannel": "delete window.BroadcastChannel",
    "globalThis": "delete window.globalThis",
    "EventSource": "delete window.EventSource",
    "localStorage": (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    ),
    "full storage": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "cookies of fetch": (
        "const whole = window.fetch; window.fetch = (what, how) => whole(what, { credentials: 'omit', ...how })"
    ),
    "fetch": "delete window.fetch",
    "Blob": "delete window.Blob",
}
"""What each browser that the course has not seen may lack, and the script that takes it away."""
STOPS = {"fetch", "Blob"}
"""Without these the script leaves the page to its forms."""


def without_any(*but: str) -> str:
    """Return the script that takes all of it away but what the page's script cannot do without, and these."""
    return "; ".join(script for name, script in NEWER.items() if name not in {*STOPS, *but})
