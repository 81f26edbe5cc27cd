"""An hour at the desk: citizens on the web and on Telegram, agents over HTTP and in browsers, a supervisor."""
