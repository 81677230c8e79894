"""SMSC.ru as its documentation describes it; refuses fields that it does not know."""

from datetime import datetime, timedelta, timezone

from odoo.addons.clinic_message.tests.gateways.gateway import FakeGateway

SEND = {"phones", "mes", "id", "sender", "charset", "cost"}
RIGHTS = {"login", "psw", "apikey", "fmt"}
OWN_NUMBER = "79030000000"
FORMAT = "%d.%m.%Y %H:%M:%S"
MOSCOW = timezone(timedelta(hours=3))


class FakeSmsc(FakeGateway):
    balance = 90.0
    price = 4.99

    def __init__(self, latency=0.0):
        self.statuses = {}
        self.victim = None
        super().__init__(latency)

    def deliver(self, ref):
        self.statuses[ref] = 1

    def lose(self, ref):
        self.statuses[ref] = 20

    def receive(self, number, text):
        moment = datetime.now(MOSCOW)
        row = {
            "id": 7_000_001 + len(self.replies),
            "received": moment.strftime(FORMAT),
            "phone": number.lstrip("+"),
            "message": text,
            "to_phone": OWN_NUMBER,
            "sent": moment.strftime(FORMAT),
        }
        self.replies.append(row)
        return {
            "id": row["id"],
            "phone": row["phone"],
            "mes": text,
            "to": OWN_NUMBER,
            "sent": row["sent"],
        }

    def kill_at(self, number, worker, answered):
        """Kill ``worker`` at its message ``number``, before or after it is taken."""
        self.victim = (number, worker, answered)

    def strike(self, answered):
        if self.victim and self.victim[2] == answered:
            number, worker, _answered = self.victim
            if len(self.taken) >= number:
                worker.kill()

    def is_send(self, path):
        return path == "/send.php"

    def answer_send(self, values, headers):
        if error := self.check(values, SEND):
            return 200, error
        if self.balance < self.price:
            return 200, {"error": "no money", "error_code": 3}
        if values["phones"].startswith("+7000"):
            return 200, {"error": "invalid number", "error_code": 7}
        self.strike(answered=False)
        self.take(values["id"], values["phones"], values["mes"])
        self.strike(answered=True)
        self.statuses.setdefault(values["id"], 0)
        return 200, {"id": int(values["id"]), "cnt": 1, "cost": str(self.price)}

    def answer_other(self, path, values, headers):
        known = {"/status.php": {"phone", "id"}, "/get.php": {"get_answers", "hour"}}
        if error := self.check(values, known.get(path, set())):
            return 200, error
        if path == "/get.php":
            return 200, self.list_replies(int(values["hour"]))
        if path == "/balance.php":
            return 200, {"balance": f"{self.balance:.2f}"}
        return 200, {"status": self.statuses.get(values["id"], -3), "err": 0}

    def list_replies(self, hours):
        since = datetime.now(MOSCOW).replace(tzinfo=None) - timedelta(hours=hours)
        found = [
            row
            for row in self.replies
            if datetime.strptime(row["received"], FORMAT) >= since
        ]
        return found or {"error": "no messages", "error_code": 3}

    def check(self, values, known):
        if values.get("login") != "clinic" or values.get("psw") != "open sesame":
            return {"error": "authorise error", "error_code": 2}
        if values.keys() - known - RIGHTS or values.get("fmt") != "3":
            return {"error": "parameters error", "error_code": 1}
        return None
