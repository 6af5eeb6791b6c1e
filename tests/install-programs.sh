#!/bin/sh
# Installs Debian's programs and data that tests use, where one is missing and this user may; tests say what they went without.
missing=
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
command -v pdftoppm >/dev/null || missing="$missing poppler-utils"
command -v qpdf >/dev/null || missing="$missing qpdf"
command -v javac >/dev/null || missing="$missing default-jdk-headless"
[ -f /usr/share/java/jaxb-runtime.jar ] || missing="$missing libjaxb-java"
[ -f /usr/share/color/icc/ghostscript/default_cmyk.icc ] || missing="$missing libgs-common"
[ -f /usr/share/unicode/BidiCharacterTest.txt ] || missing="$missing unicode-data"
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || exit 0
if [ "$(id -u)" = 0 ]; then run=; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then run="sudo -n"; else exit 0; fi
echo "Installing$missing, which tests look through …"
export DEBIAN_FRONTEND=noninteractive
{ $run apt-get update -qq && $run apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 ||
  echo "That did not work: tests go without$missing." >&2
