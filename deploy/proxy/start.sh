#!/bin/sh
# Starts nginx with the names that this installation answers to: the one of CIVICDESK_PUBLIC_URL, and those of
# CIVICDESK_HOST_NAMES (separated by spaces or commas). Whatever else a stranger puts into Host is refused.
set -eu
url=${CIVICDESK_PUBLIC_URL:-https://localhost}
case $url in https://*) ;; *) echo "CIVICDESK_PUBLIC_URL is $url; the proxy serves https:// alone." >&2; exit 2 ;; esac
host=${url#https://}
host=${host%%[/:?#]*}
names=$(printf '%s %s' "$host" "${CIVICDESK_HOST_NAMES:-}" | tr ',' ' ')
for name in $names; do
    # Only what a host name is made of: these words become configuration.
    case $name in
        *[!A-Za-z0-9.-]* | -* | .*) echo "$name is no host name. Correct CIVICDESK_PUBLIC_URL or CIVICDESK_HOST_NAMES." >&2; exit 2 ;;
    esac
done
[ -n "$host" ] || { echo "CIVICDESK_PUBLIC_URL names no host." >&2; exit 2; }
# One name on a line is as good as several, and nginx takes a name that stands twice.
echo "server_name" $names ";" > /tmp/names.conf
exec "${NGINX:-nginx}" -c "${NGINX_CONF:-/etc/nginx/nginx.conf}" -g "daemon off;" "$@"
