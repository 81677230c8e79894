"""SMS Aero as its interface and its own client describe it."""

import base64
import time

from odoo.addons.clinic_message.tests.gateways.gateway import FakeGateway

RIGHTS = "Basic " + base64.b64encode(b"clinic:open sesame").decode()
PAGE = 2  # so that lists have more than one


class FakeAero(FakeGateway):
    balance = 90.0
    price = 5.49

    def __init__(self, latency=0.0):
        self.rows = []
        super().__init__(latency)

    def deliver(self, ref):
        self.rows[int(ref) - 1]["status"] = 1

    def lose(self, ref):
        self.rows[int(ref) - 1]["status"] = 2

    def is_send(self, path):
        return path == "/sms/send"

    def answer_send(self, values, headers):
        if headers.get("Authorization") != RIGHTS:
            return 401, self.refuse("Your request was made with invalid credentials.")
        if values.keys() != {"number", "text", "sign"}:
            return 400, self.refuse("Validation error.", {"fields": ["unknown"]})
        if self.balance < self.price:
            return 200, {"success": False, "result": "no credits", "message": None}
        if values["number"].startswith("7000"):
            return 400, self.refuse("Validation error.", {"number": ["Wrong number"]})
        row = {
            "id": len(self.rows) + 1,
            "from": values["sign"],
            "number": values["number"],
            "text": values["text"],
            "status": 0,
            "extendStatus": "queue",
            "cost": self.price,
            "dateCreate": int(time.time()),
        }
        self.rows.append(row)
        self.take(row["id"], values["number"], values["text"])
        return 200, {"success": True, "data": row, "message": None}

    def answer_other(self, path, values, headers):
        if headers.get("Authorization") != RIGHTS:
            return 401, self.refuse("Your request was made with invalid credentials.")
        if path == "/balance":
            data = {"balance": self.balance}
        elif path == "/sms/list":
            data = self.list(values)
        else:
            data = next((row for row in self.rows if row["id"] == values["id"]), None)
        if data is None:
            return 200, self.refuse("Not found")
        return 200, {"success": True, "data": data, "message": None}

    def list(self, values):
        page = int(values.get("page", 1))
        found = [row for row in self.rows if row["number"] == values["number"]][::-1]
        shown = found[(page - 1) * PAGE : page * PAGE]
        links = {"next": "…"} if len(found) > page * PAGE else {}
        rows = {str(index): row for index, row in enumerate(shown)}
        return {**rows, "links": links, "totalCount": str(len(found))}

    def refuse(self, message, data=None):
        return {"success": False, "data": data, "message": message}
