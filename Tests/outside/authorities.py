"""Timestamp authorities for tests: one that is `openssl ts`, and one of our own in Python, on asn1crypto
and cryptography, which shares no line with OpenSSL's and says whatever a test wants said."""
import datetime
import hashlib
import os
import subprocess

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

UTC = datetime.timezone.utc
START, END = datetime.datetime(2020, 1, 1, tzinfo=UTC), datetime.datetime(2099, 12, 31, tzinfo=UTC)


def now():
    return datetime.datetime.now(UTC)


class Certificates:
    """A root, and an authority's certificate under it."""

    def __init__(self, name, usages=(ExtendedKeyUsageOID.TIME_STAMPING,), critical=True, start=START, end=END,
                 key=None):
        self.root_key, self.key = ec.generate_private_key(ec.SECP256R1()), key or ec.generate_private_key(ec.SECP256R1())
        root_name = self.named(f"{name} Root")
        self.root = self.issue(root_name, self.root_key, root_name, START, END, [
            (x509.BasicConstraints(True, None), True)])
        extensions = [(x509.BasicConstraints(False, None), True)]
        if usages:
            extensions.append((x509.ExtendedKeyUsage(usages), critical))
        self.certificate = self.issue(self.named(name), self.key, root_name, start, end, extensions)

    @staticmethod
    def named(name):
        return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Beihe"),
                          x509.NameAttribute(NameOID.COMMON_NAME, name)])

    def issue(self, subject, key, issuer, start, end, extensions):
        builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
                   .public_key(key.public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(start).not_valid_after(end))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.root_key, hashes.SHA256())

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        for name, data in {
                "root.pem": self.root.public_bytes(serialization.Encoding.PEM),
                "tsa.pem": self.certificate.public_bytes(serialization.Encoding.PEM),
                "tsa.key": self.key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption())}.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        return os.path.join(folder, "root.pem")


class OpenSSLAuthority:
    """`openssl ts -reply`."""

    def __init__(self, folder, name="OpenSSL TSA"):
        self.folder, self.certificates = folder, Certificates(name)
        self.root = self.certificates.write(folder)
        with open(os.path.join(folder, "ts.cnf"), "w", encoding="utf-8") as file:
            file.write("[tsa]\ndefault_tsa = a\n[a]\nserial = serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n"
                       "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\nother_policies = 1.2.3.4.5\n"
                       "digests = sha256\naccuracy = secs:1\nordering = yes\ntsa_name = yes\n"
                       "ess_cert_id_chain = no\ness_cert_id_alg = sha256\n")
        with open(os.path.join(folder, "serial"), "w", encoding="utf-8") as file:
            file.write("01\n")

    def reply(self, request):
        subprocess.run(["openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", "/dev/stdin", "-out", "out"],
                       input=request, cwd=self.folder, check=True, capture_output=True)
        with open(os.path.join(self.folder, "out"), "rb") as file:
            return file.read()


class PythonAuthority:
    """Ours. `changed` puts other values in the place of what it would state."""

    def __init__(self, folder, name="Python TSA", **certificates):
        self.certificates = Certificates(name, **certificates)
        self.root = self.certificates.write(folder)
        self.serial = 1000

    def reply(self, request, status="granted", binds=True, **changed):
        asked = tsp.TimeStampReq.load(request)
        self.serial += 1
        stated = {"version": "v1", "policy": "1.3.6.1.4.1.32473.1", "message_imprint": asked["message_imprint"],
                  "serial_number": self.serial, "gen_time": now(), "accuracy": {"seconds": 0, "millis": 250},
                  "ordering": False, "nonce": asked["nonce"], **changed}
        info = tsp.TSTInfo({name: value for name, value in stated.items() if value is not None}).dump()
        key, certificate = self.certificates.key, self.certificates.certificate
        der = certificate.public_bytes(serialization.Encoding.DER)
        is_edwards = isinstance(key, ed25519.Ed25519PrivateKey)
        digest = "sha512" if is_edwards else "sha256"
        attributes = [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.new(digest, info).digest()]}]
        if binds:
            attributes.append({"type": "signing_certificate_v2", "values": [
                tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(der).digest()}]})]})
        attributes = cms.CMSAttributes([cms.CMSAttribute(attribute) for attribute in attributes])
        text = attributes.dump()
        signature = key.sign(text) if is_edwards else key.sign(text, ec.ECDSA(hashes.SHA256()))
        parsed = asn1_x509.Certificate.load(der)
        signed = cms.SignedData({
            "version": "v3", "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
            "certificates": [parsed],
            "signer_infos": [{
                "version": "v1",
                "sid": cms.SignerIdentifier("issuer_and_serial_number", {
                    "issuer": parsed.issuer, "serial_number": parsed.serial_number}),
                "digest_algorithm": {"algorithm": digest}, "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "ed25519" if is_edwards else "sha256_ecdsa"},
                "signature": signature}]})
        return tsp.TimeStampResp({
            "status": {"status": status},
            "time_stamp_token": cms.ContentInfo({"content_type": "signed_data", "content": signed})}).dump()
