"""What tests of several packages share: processes, browsers, clocks."""
