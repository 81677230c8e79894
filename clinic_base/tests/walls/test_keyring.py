import os
import stat
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...tools.keyring import (
    Keyring,
    KeyringError,
    SealBrokenError,
    UnknownKeyError,
    append_key,
    create_key_file,
    key_id_of,
    load_keyring,
    new_key_line,
    parse_keys,
)


@tagged("post_install", "-at_install")
class TestKeyring(BaseCase):
    def setUp(self):
        super().setUp()
        self.keyring = Keyring(parse_keys(new_key_line()))

    def test_opens_what_it_sealed(self):
        sealed = self.keyring.seal("Жалобы".encode(), b"note|text|7")
        self.assertNotIn("Жалобы".encode(), sealed)
        self.assertEqual(self.keyring.open(sealed, b"note|text|7").decode(), "Жалобы")

    def test_the_same_text_never_looks_the_same(self):
        self.assertNotEqual(
            self.keyring.seal(b"x", b"1"), self.keyring.seal(b"x", b"1")
        )

    def test_a_moved_or_changed_value_does_not_open(self):
        sealed = self.keyring.seal(b"text", b"note|text|7")
        with self.assertRaises(SealBrokenError):
            self.keyring.open(sealed, b"note|text|8")
        for broken in (
            sealed[:-1],
            b"",
            b"plain",
            sealed[:-1] + bytes([sealed[-1] ^ 1]),
        ):
            with self.assertRaises(SealBrokenError):
                self.keyring.open(broken, b"note|text|7")

    def test_a_signature_holds_for_its_message_purpose_and_key_alone(self):
        signature = self.keyring.sign(b"row", "log")
        self.assertTrue(self.keyring.verifies(signature, b"row", "log"))
        self.assertFalse(self.keyring.verifies(signature, b"other", "log"))
        self.assertFalse(self.keyring.verifies(signature, b"row", "protocol"))
        self.assertFalse(self.keyring.verifies(signature[:-1], b"row", "log"))
        self.assertFalse(self.keyring.verifies("no hex", b"row", "log"))
        with self.assertRaises(UnknownKeyError):
            Keyring(parse_keys(new_key_line())).verifies(signature, b"row", "log")

    def test_an_unknown_key_is_named(self):
        sealed = Keyring(parse_keys(new_key_line())).seal(b"text", b"1")
        with self.assertRaisesRegex(UnknownKeyError, key_id_of(sealed).hex()):
            self.keyring.open(sealed, b"1")

    def test_bad_key_files_are_named_by_line_without_the_key(self):
        line = new_key_line()
        for text in ("", "# only a comment", "xx yy", "00000000 c2hvcnQ=", line + line):
            with self.assertRaises(KeyringError) as caught:
                Keyring(parse_keys(text))
            self.assertNotIn(line.split()[1], str(caught.exception))

    def test_key_file_is_private_and_never_overwritten(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys"
            self.assertTrue(create_key_file(path))
            content = path.read_text()
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertFalse(create_key_file(path))
            self.assertEqual(path.read_text(), content)

    def test_an_added_key_seals_and_the_old_one_still_opens(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys"
            create_key_file(path)
            before = load_keyring(path)
            sealed = before.seal(b"old", b"1")
            append_key(path)
            after = load_keyring(path)
            self.assertNotEqual(after.current_id, before.current_id)
            self.assertEqual(after.open(sealed, b"1"), b"old")
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_a_missing_file_is_a_keyring_error(self):
        with self.assertRaises(KeyringError):
            load_keyring(Path("/nowhere/clinic.keys"))
