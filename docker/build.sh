# What the build scripts of this folder share; they source it with `self` (their own name) and `package` set.
# BASE=IMAGE names another base: any image with Python 3.11 to 3.13 and its venv module.
# Without BASE and without a registry a Debian base is made here, once: xlam-gate/base:bookworm (needs root).
# shellcheck shell=bash
export DOCKER_BUILDKIT="${DOCKER_BUILDKIT:-0}" # another builder may not see a base that only this engine has
REGISTRY_BASE=python:3.11-slim-bookworm
OWN_BASE=xlam-gate/base:bookworm

fail() { printf '%s: %s\n' "$self" "$*" >&2; exit 1; }
have() { docker image inspect "$1" >/dev/null 2>&1; }

# Debian's own tool, from the system or unpacked from its package; nothing is installed.
find_debootstrap() {
    command -v debootstrap && return
    PATH="$PATH:/usr/sbin" command -v debootstrap && return
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    (
        cd "$scratch"
        apt-get download debootstrap || { apt-get update && apt-get download debootstrap; }
        dpkg-deb -x debootstrap_*.deb tool
    ) >&2 || return 1
    printf '%s\n' "$scratch/tool/usr/sbin/debootstrap"
}

make_base() {
    [ "$(id -u)" = 0 ] || fail "no registry is reachable, and only root can make a base image; or set BASE to an image you have"
    local tool
    tool="$(find_debootstrap)" || fail "no registry is reachable and debootstrap is missing:" \
        "install it, or set BASE to an image with Python 3.11 that this Docker engine has"
    case "$tool" in "$scratch"/*) export DEBOOTSTRAP_DIR="$scratch/tool/usr/share/debootstrap" ;; esac
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg checked=()
    [ -e "$keyring" ] && checked=(--keyring="$keyring" --force-check-gpg)
    "$tool" --variant=minbase "${checked[@]}" --include=python3,python3-venv,ca-certificates,libnuma1 \
        bookworm "$scratch/root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$scratch/log" 2>&1 ||
        fail "debootstrap failed: $(tail -n 3 "$scratch/log")"
    tar -C "$scratch/root" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists --exclude=./proc/* --exclude=./sys/* \
        --numeric-owner -c . | docker import - "$OWN_BASE" >/dev/null
}

pick_base() {
    if [ -n "${BASE:-}" ]; then echo "$BASE"; return; fi
    if have "$REGISTRY_BASE" || docker pull -q "$REGISTRY_BASE" >&2; then echo "$REGISTRY_BASE"; return; fi
    have "$OWN_BASE" || make_base
    echo "$OWN_BASE"
}

# Everything the Dockerfiles copy, and the host's certificates, as one archive: nothing is written into the tree.
context() {
    local found folder="$scratch/context"
    mkdir -p "$folder/docker" "$folder/tests/locks"
    for found in "${PIP_CERT:-}" "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}" \
        /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
        if [ -s "$found" ]; then install -m 644 "$found" "$folder/docker/host-ca.pem"; break; fi
    done
    cp -r docker/install docker/cpu docker/official "$folder/docker/"
    cp "$lock" "$folder/tests/locks/"
    cp requirements.lock "$folder/"
    tar -C "$folder" -c .
}

# build_image DOCKERFILE TAG; needs `version`, the release.
build_image() {
    lock="tests/locks/$package-$version.txt"
    [ -e "$lock" ] || fail "there is no $lock: run the target $target:$version once, it prints how to pin a version"
    command -v docker >/dev/null || fail "the docker command is missing"
    docker version >/dev/null 2>&1 || fail "no Docker engine answers"
    scratch="$(mktemp -d)"
    trap 'rm -rf "$scratch"' EXIT
    local base name words
    base="$(pick_base)"
    echo "base $base ($SECONDS s)"
    words=(--network host --build-arg "BASE=$base" --build-arg "VLLM_VERSION=$version") # host: as this shell reaches the index
    for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL UV_DEFAULT_INDEX UV_INDEX \
        HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy; do
        if [ -n "${!name:-}" ]; then words+=(--build-arg "$name"); fi
    done
    context | docker build -q --rm --force-rm "${words[@]}" -f "$1" -t "$2" -
    echo "image $2 ($SECONDS s)"
}
