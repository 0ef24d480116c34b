#!/bin/sh
# What is done each night, each whatever became of the others: first what is needed most. Ends with 1 when something
# failed or was found, for whoever watches. Run by cartulario-nightly.service, or by any scheduler.
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.venv/bin:$PATH"
failed=0
night() { cartulario "$@" || failed=1; }

night backup "${CARTULARIO_BACKUPS:-/var/backups/cartulario}/$(date +%F).tar"
night audit seal --out "${CARTULARIO_SEALS:-/var/lib/cartulario/seals}"
night archive clean --days 45
night audit verify
night audit replay --sample 200
night indicators review
night indicators recount
night archive check --limit 5000
exit $failed
