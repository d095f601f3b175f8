"""Code lists: what a coded field may hold, as data a bureau can revise."""

from django.db import models


class CodeItem(models.Model):
    """One value of a code list, with its labels, synonyms for imports and days of validity."""

    list_name = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    zh = models.CharField(max_length=80)
    en = models.CharField(max_length=120)
    synonyms = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "layers_code_item"
        ordering = ["list_name", "position"]
        constraints = [models.UniqueConstraint(fields=["list_name", "code"], name="code_item_once")]

    def __str__(self) -> str:
        return f"{self.list_name}: {self.zh}"
