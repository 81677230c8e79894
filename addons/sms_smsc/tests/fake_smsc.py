"""SMSC.ru as its documentation describes it; refuses fields that it does not know."""

from odoo.addons.clinic_schedule.tests.gateway import FakeGateway

SEND = {"phones", "mes", "id", "sender", "charset", "cost"}
RIGHTS = {"login", "psw", "apikey", "fmt"}


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
        known = {"phone", "id"} if path == "/status.php" else set()
        if error := self.check(values, known):
            return 200, error
        if path == "/balance.php":
            return 200, {"balance": f"{self.balance:.2f}"}
        return 200, {"status": self.statuses.get(values["id"], -3), "err": 0}

    def check(self, values, known):
        if values.get("login") != "clinic" or values.get("psw") != "open sesame":
            return {"error": "authorise error", "error_code": 2}
        if values.keys() - known - RIGHTS or values.get("fmt") != "3":
            return {"error": "parameters error", "error_code": 1}
        return None
