"""A certificate that nobody vouches for, made by openssl."""
import subprocess


def certificate(folder, name, alternative):
    """FOLDER/NAME.crt, signed by itself, and FOLDER/NAME.pem with its key."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName={alternative}"], check=True, capture_output=True)
    with open(f"{folder}/{name}.pem", "w") as both:
        both.write(open(f"{folder}/{name}.key").read() + open(f"{folder}/{name}.crt").read())
