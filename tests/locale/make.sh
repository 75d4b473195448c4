#!/usr/bin/env bash
# make.sh FOLDER - de_DE.UTF-8 (decimal comma) and tr_TR.UTF-8 (I is not i in upper case) for LOCPATH, whatever the system has installed.
# Exit 77 when there is no localedef or no sources for it (package locales).
set -eu
command -v localedef >/dev/null && [ -e /usr/share/i18n/locales/tr_TR ] || { echo "no localedef, or no locale sources"; exit 77; }
mkdir -p "$1"
for name in de_DE tr_TR; do
  localedef -i $name -f UTF-8 "$1/$name.UTF-8" || [ -e "$1/$name.UTF-8/LC_NUMERIC" ] # warnings have an exit status, too
  [ "$(LOCPATH=$1 LC_ALL=$name.UTF-8 locale decimal_point)" = , ] || { echo "$name.UTF-8 does not take effect"; exit 1; }
done
