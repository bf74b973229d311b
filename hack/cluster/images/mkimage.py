#!/usr/bin/env python3
"""mkimage.py ROOTFS OUT.tar NAME:TAG: packs a folder as an image of one layer, in the OCI layout, without a registry or Docker."""

import argparse
import hashlib
import io
import json
import os
import tarfile


def layer_of(rootfs):
    """The folder as a tar whose bytes depend on its content alone."""

    def normalise(entry):
        entry.uid = entry.gid = entry.mtime = 0
        entry.uname = entry.gname = ""
        return entry

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in sorted(os.listdir(rootfs)):
            tar.add(os.path.join(rootfs, name), arcname=name, filter=normalise)
    return buffer.getvalue()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(media_type, data):
    return {"mediaType": media_type, "digest": digest(data), "size": len(data)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rootfs")
    parser.add_argument("out")
    parser.add_argument("name")
    parser.add_argument("--entrypoint", type=json.loads, help="a JSON list")
    parser.add_argument("--cmd", type=json.loads, help="a JSON list")
    arguments = parser.parse_args()

    layer = layer_of(arguments.rootfs)
    config = {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin:/sbin"]}
    if arguments.entrypoint:
        config["Entrypoint"] = arguments.entrypoint
    if arguments.cmd:
        config["Cmd"] = arguments.cmd
    image = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "created": "1970-01-01T00:00:00Z",
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [digest(layer)]},
        },
        sort_keys=True,
    ).encode()
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": descriptor("application/vnd.oci.image.config.v1+json", image),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
        }
    ).encode()
    entry = descriptor("application/vnd.oci.image.manifest.v1+json", manifest)
    entry["annotations"] = {
        "io.containerd.image.name": arguments.name,
        "org.opencontainers.image.ref.name": arguments.name.split(":")[-1],
    }
    index = json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode()

    with tarfile.open(arguments.out, "w") as tar:
        for name, data in (
            ("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'),
            ("index.json", index),
            *((f"blobs/sha256/{digest(blob)[7:]}", blob) for blob in (image, manifest, layer)),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main()
