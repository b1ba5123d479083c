"""Models fitted on what the store holds. Nothing leaves the store's machine; the engine never imports one."""
