def test_x(province):
    with province.connect() as c:
        assert c.exec_driver_sql("select count(*) from person").scalar() > 20
def test_y(browse):
    assert browse("lan.tuphap").get("/inbox").status_code == 200
