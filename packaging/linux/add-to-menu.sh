#!/bin/sh
# Puts FormCheck into the desktop's menu, with its icon. Run it once, after the folder is where it will stay.
# `sh add-to-menu.sh --remove` takes it out again.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/formcheck.desktop
icon=$data/icons/hicolor/256x256/apps/formcheck.png

if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon"
    exit
fi
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")"
cp "$here/_internal/formcheck.png" "$icon"
cat > "$entry" <<END
[Desktop Entry]
Type=Application
Name=FormCheck
Comment=Watches your exercise through the webcam and coaches your form
Exec="$here/FormCheck"
Icon=formcheck
Terminal=false
Categories=Sports;MedicalSoftware;Education;
END
chmod +x "$entry"
echo "FormCheck is in the menu now. Its entry: $entry"
