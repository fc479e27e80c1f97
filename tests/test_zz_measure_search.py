"""Run inside pytest with the db fixture: 200k patients; server time of the fragment; EXPLAIN."""
import random, time, statistics
from datetime import date, timedelta, datetime, UTC
import pytest
from django.db import connection
from patients.models import Patient
from patients.domain.searching import parse
from patients.selectors import best_matches
from tests.clients import *
N=200_000
syl=["an","be","ca","do","el","fi","gra","ho","is","jo","ka","lu","ma","no","ol","pe","qui","ro","sa","ti"]
@pytest.mark.django_db
def test_measure(reception_client):
    r=random.Random(1); at=datetime(2026,1,1,tzinfo=UTC)
    name=lambda: "".join(r.choice(syl) for _ in range(r.choice((2,3))))
    def rows():
        for i in range(N):
            g,f=name(),name(); ph=f"4477{r.randrange(10**8):08}"
            yield Patient(record_number=f"LSC-{i+1:05}",given_names=g,family_names=f,born_on=date(1940,1,1)+timedelta(days=r.randrange(24000)),sex="FEMALE",phone=ph,registered_at=at,search_names=f"{g} {f}",phone_digits=ph,other_phone_digits="")
    Patient.objects.bulk_create(rows(),batch_size=5000)
    with connection.cursor() as c: c.execute("ANALYZE")
    out=open(f"/tmp/w3/search/measure-{connection.vendor}.txt","w")
    for typed in ["an","anbe","zzz","anbe cado","07339","07700 900733","14 Mar 1987","anbe 07339","LSC-00482","482"]:
        ts=[]
        for _ in range(7):
            a=time.perf_counter(); ans=reception_client.get("/search/",{"q":typed},headers={"HX-Request":"true"}); ts.append((time.perf_counter()-a)*1000)
        pg=[]
        for _ in range(3):
            a=time.perf_counter(); reception_client.get("/search/",{"q":typed}); pg.append((time.perf_counter()-a)*1000)
        print(f"{typed:18} fragment p50 {statistics.median(ts):7.1f} max {max(ts):7.1f} ms, page p50 {statistics.median(pg):7.1f} ms, {len(ans.context['rows'])} rows",file=out)
    q=parse("anbe",today=date(2026,1,1)); n=parse("07339",today=date(2026,1,1)); b=parse("14 Mar 1987",today=date(2026,1,1))
    for label,qs in [("names",Patient.objects.matching_names(q).values_list("pk",flat=True)[:9]),("numbers",Patient.objects.matching_numbers(n).order_by("pk").values_list("pk",flat=True)[:9]),("born",Patient.objects.matching_numbers(b).order_by("pk").values_list("pk",flat=True)[:9])]:
        print("\n",label,"\n",qs.explain(),file=out)
    out.close()
