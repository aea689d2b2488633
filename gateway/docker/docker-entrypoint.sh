#!/bin/sh
# What the entry point of Envoy's image does, for ours.
#   loglevel     the level of the log, if no option says it
#   ENVOY_UID    the user to become where the container starts as root; 0 stays root
#   ENVOY_GID    the group
set -eu

# Arguments alone are arguments of the gateway.
if [ "${1#-}" != "$1" ]; then
  set -- envoy "$@"
fi

if [ "$1" = envoy ] || [ "$1" = gateway ]; then
  if [ -n "${loglevel:-}" ]; then
    set -- "$@" --log-level "$loglevel"
  fi
  if [ "$(id -u)" = 0 ] && [ "${ENVOY_UID:-}" != 0 ]; then
    user=${ENVOY_UID:-$(id -u envoy)}
    group=${ENVOY_GID:-$(id -g envoy)}
    exec /usr/bin/setpriv --reuid="$user" --regid="$group" --clear-groups -- "$@"
  fi
fi

exec "$@"
