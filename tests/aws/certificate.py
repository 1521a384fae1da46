"""Certificates, made by openssl: FOLDER/NAME.crt, FOLDER/NAME.key, and FOLDER/NAME.pem with both."""
import subprocess

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def join(folder, name):
    with open(f"{folder}/{name}.pem", "w") as both:
        both.write(open(f"{folder}/{name}.key").read() + open(f"{folder}/{name}.crt").read())


def certificate(folder, name, alternative, *extensions):
    """Signed by itself."""
    words = [word for extension in (f"subjectAltName={alternative}", *extensions) for word in ("-addext", extension)]
    openssl("req", "-x509", *KEY, "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt", "-days", "2", "-subj",
            f"/CN={name}", *words)
    join(folder, name)


def signed(folder, name, by, days, *extensions):
    """Signed by another, which certificate() has made; days from now to its end, -1: it is over."""
    openssl("req", *KEY, "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.csr", "-subj", f"/CN={name}")
    with open(f"{folder}/{name}.ext", "w") as file:
        file.write("\n".join(extensions) + "\n")
    openssl("x509", "-req", "-in", f"{folder}/{name}.csr", "-CA", f"{folder}/{by}.crt", "-CAkey", f"{folder}/{by}.key",
            "-CAcreateserial", "-out", f"{folder}/{name}.crt", "-days", days, "-extfile", f"{folder}/{name}.ext")
    join(folder, name)
