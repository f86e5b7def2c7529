#!/bin/sh
# The layer rule: fails on an #include that reaches into a layer its folder may not know.
#
#   server -> engine, db        engine and db never see each other
#   engine: autograd <- nn <- train <- search <- diagnosis;
#           train <- anatomy; data knows only status.h and the rng
#   engine/engine.h, the way in for readers, includes all of engine/ and is for others only
#   MHD and cJSON only in server/, SQLite only in db/, LIBXSMM and CBLAS only in autograd/
#
# Usage: sh config/check-layers.sh   (from the top of the tree)
set -u

awk '
function bad(why) {
    printf "%s:%d: %s must not include %s (%s)\n", FILENAME, FNR, layer, header, why
    failed = 1
}
# The layer of a path: its folder, two deep inside engine/.
function layer_of(path,   part, n) {
    n = split(path, part, "/")
    if (part[1] == "engine") return n > 2 ? "engine/" part[2] : "engine"
    return n > 1 ? part[1] : ""
}
BEGIN {
    common = "engine/status.h engine/autograd/rng.h"
    may["engine"] = "engine"
    may["engine/autograd"] = "engine engine/autograd"
    may["engine/nn"] = "engine engine/autograd engine/nn"
    may["engine/data"] = "engine engine/data"
    may["engine/train"] = "engine engine/autograd engine/nn engine/data engine/train"
    may["engine/search"] = may["engine/train"] " engine/search"
    may["db"] = "db"
    may["engine/diagnosis"] = may["engine/search"] " engine/diagnosis"
    may["engine/anatomy"] = may["engine/train"] " engine/anatomy"
    may["server"] = may["engine/diagnosis"] " engine/anatomy" " db server"
    only["microhttpd.h"] = "server"; only["cjson/cJSON.h"] = "server"
    only["sqlite3.h"] = "db"
    only["libxsmm.h"] = only["cblas.h"] = "engine/autograd"
    only["zlib.h"] = "engine/data"
}
FNR == 1 { layer = layer_of(FILENAME); files++ }
/^[ \t]*#[ \t]*include/ {
    header = $0
    sub(/^[^"<]*["<]/, "", header); sub(/[">].*/, "", header)
    if ((header in only) && only[header] != layer) bad("only " only[header] " may")
    target = layer_of(header)
    if (index($0, "\"") && target == "")
        bad("includes are rooted at the repository")
    else if (header == "engine/engine.h" && layer ~ /^engine/)
        bad("it includes them all: take what you need")
    else if (index($0, "\"") && FILENAME != "engine/engine.h" && index(" " common " ", " " header " ") == 0 &&
             index(" " may[layer] " ", " " target " ") == 0)
        bad("the layer rule")
}
END {
    if (!failed) printf "layers: %d files keep the rule\n", files
    exit failed
}
' $(find engine db server -name '*.[ch]' | sort)
