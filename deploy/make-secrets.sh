#!/bin/sh
# Makes every secret that docker-compose.yml names, and a certificate to try it with. What exists is kept:
# run it as often as you like. Usage: deploy/make-secrets.sh [folder]
set -eu
umask 077
folder=${1:-$(cd "$(dirname "$0")" && pwd)/secrets}
mkdir -p "$folder"
# The folder is the lock: nobody else on this machine gets in. The files inside must be readable to the
# containers' own users (compose mounts them as they are), so they are 0444 inside that closed folder.
chmod 0700 "$folder"
cd "$folder"

# For the inboxes' own secrets, which their providers make: a file each, mounted as a whole (docs/channels.md).
# `keys` is for reading back ends and registers (docs/backends.md), in the same way.
mkdir -p inboxes keys
chmod 0755 inboxes keys

command -v openssl >/dev/null || { echo "openssl is needed to make secrets. Install it (apt-get install openssl) and run this again." >&2; exit 2; }

keep() {  # keep NAME VALUE: complete or absent, never half written
    [ -s "$1" ] && return
    printf '%s' "$2" > ".$1.new"
    chmod 0444 ".$1.new"
    mv ".$1.new" "$1"
    echo "made $folder/$1"
}
random() { openssl rand -hex "$1"; }

keep civicdesk_secret "$(random 32)"
keep civicdesk_bot_secret "$(random 32)"
keep civicdesk_actions_secret "$(random 32)"
keep civicdesk_open311_key "$(random 24)"
keep civicdesk_demo_password "$(random 9)"
keep postgres_password "$(random 24)"
keep database_password "$(random 24)"
keep database_url "postgresql://civicdesk:$(cat database_password)@postgres:5432/civicdesk"
for process in gateway worker bot trainer; do
    keep ${process}_database_password "$(random 24)"
    keep ${process}_database_url "postgresql://civicdesk_$process:$(cat ${process}_database_password)@postgres:5432/civicdesk"
done
keep redis_auth "requirepass $(random 24)"
keep redis_url "redis://:$(cut -d ' ' -f 2 redis_auth)@redis:6379/0"

if { [ -s tls_key ] && [ ! -s tls_certificate ]; } || { [ -s tls_certificate ] && [ ! -s tls_key ]; }; then
    echo "$folder holds only one of tls_key and tls_certificate. Put the other beside it; nothing was overwritten." >&2
    exit 2
fi
if [ ! -s tls_key ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj /CN=localhost \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout .tls_key.new -out .tls_certificate.new 2>/dev/null
    chmod 0444 .tls_key.new .tls_certificate.new
    mv .tls_key.new tls_key
    mv .tls_certificate.new tls_certificate
    echo "made $folder/tls_certificate for localhost, 90 days: put your city's own certificate and key in its place"
fi
