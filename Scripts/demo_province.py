"""An invented province, its 40 bodies and its three-year plan of 50 tasks, as the demo plays them.

Every name and figure is made up. `write_data` writes the two files that `onus import` reads.
"""

import csv

PROVINCE = "Yunlan", "云岚省"

# id | kind | name in English | name in Chinese; the short name that the story uses is the last column.
BODIES = """
P00|governing_body|Leading Group of Yunlan Province|省三年行动领导小组|the Leading Group
D01|department|Department of Planning|省发展规划厅|Planning
D02|department|Department of Industry|省工业厅|Industry
D03|department|Department of Science|省科技厅|Science
D04|department|Department of Education|省教育厅|Education
D05|department|Department of Finance|省财政厅|Finance
D06|department|Department of Labour|省人力资源厅|Labour
D07|department|Department of Land|省自然资源厅|Land
D08|department|Department of Environment|省生态环境厅|Environment
D09|department|Department of Housing|省住房建设厅|Housing
D10|department|Department of Transport|省交通厅|Transport
D11|department|Department of Water|省水利厅|Water
D12|department|Department of Agriculture|省农业厅|Agriculture
D13|department|Department of Commerce|省商务厅|Commerce
D14|department|Department of Culture|省文化旅游厅|Culture
D15|department|Department of Health|省卫生厅|Health
D16|department|State Assets Office|省国有资产局|State Assets
D17|department|Markets Office|省市场监管局|Markets
D18|department|Data Office|省数据局|the Data Office
D19|department|Business Office|省营商环境局|the Business Office
D20|department|Local Finance Office|省地方金融局|Local Finance
D21|department|Department of Welfare|省民政厅|Welfare
D22|department|Department of Emergencies|省应急厅|Emergencies
D23|department|Statistics Office|省统计局|Statistics
D24|department|Supervision Office|省督查室|Supervision
D25|department|Audit Office|省审计厅|Audit
C01|city_government|City of Lanyang|岚阳市|Lanyang
C02|city_government|City of Qingbu|青埠市|Qingbu
C03|city_government|City of Shidu|石渡市|Shidu
C04|city_government|City of Liujing|柳泾市|Liujing
C05|city_government|City of Heting|鹤汀市|Heting
C06|city_government|City of Songlai|松濑市|Songlai
C07|city_government|City of Wangchuan|望川市|Wangchuan
C08|city_government|City of Meibo|梅泊市|Meibo
C09|city_government|City of Huailing|槐岭市|Huailing
C10|city_government|City of Shaxu|沙溆市|Shaxu
C11|city_government|City of Fengzhu|枫渚市|Fengzhu
C12|city_government|City of Jinyan|金堰市|Jinyan
C13|city_government|City of Yanyu|雁屿市|Yanyu
C14|city_government|City of Cangpu|苍浦市|Cangpu
"""
ORGS = [line.split("|") for line in BODIES.split("\n") if line]
SHORT = {org: short for org, _, _, _, short in ORGS}

# An objective, then its five tasks: lead, support, due | title in English | title in Chinese [| indicator].
PLAN = """
# Schools, health and care|教育、健康与养老
D04 D05 2025-06-30|Open 40 new kindergartens|新建40所幼儿园|Kindergartens opened,新建幼儿园数,kindergartens,40
D15 D06 2025-12-25|Two doctors in every township clinic|每个乡镇卫生院配两名医生
D21 D09 2025-09-30|Turn 30 empty buildings into homes for the old|改造30处闲置楼宇为养老院
D04 D09 2025-12-25|Dormitories at 60 village schools|为60所乡村学校建宿舍|Dormitories in use,投用宿舍数,dormitories,60
D15 D18 2025-06-30|One health record for every resident|居民健康档案一人一档
# Clean water and air|清水与蓝天
D08 D11 2025-12-25|Clean up the lower Lan river|治理岚江下游
D11 D12 2025-06-30|Repair 85 small reservoirs|加固85座小型水库|Reservoirs repaired,加固水库数,reservoirs,85
D08 D02 2024-12-31|Replace 1,200 coal boilers|替换1200台燃煤锅炉|Boilers replaced,替换锅炉数,boilers,1200
D09 D08 2025-09-30|Sewers for 25 old quarters|25个老旧片区铺设污水管网
D11 D07 2025-06-30|Shelter belts along the Heting dyke|鹤汀大堤防护林
# Roads, rail and ports|公路、铁路与港口
D10 D07 2025-12-25|Finish the ring road of Lanyang|建成岚阳环城公路
D10 D22 2025-06-30|Rebuild 140 dangerous bridges|改造140座危桥|Bridges rebuilt,改造危桥数,bridges,140
D10 D13 2025-12-25|A second berth in the port of Cangpu|苍浦港二号泊位
D14 D10 2025-12-25|Walking trails through six counties|六县步道
D10 D05 2024-12-31|A bus to every township|乡镇全部通公交
# Work and skills|就业与技能
D06 D04 2025-12-25|Train 90,000 skilled workers|培训技能人才9万人|Workers trained,培训人数,thousand,90
D06 D05 2025-06-30|Keep graduates in the province|吸引毕业生留省
D04 D02 2025-12-25|Workshops in 12 trade schools|12所职业学校实训基地
D21 D06 2025-09-30|Jobs for 8,000 people with disabilities|帮助8000名残疾人就业
D12 D06 2025-12-25|Winter courses for farmers|农民冬季培训
# Industry and companies|工业与企业
D02 D03 2025-12-25|Modernise 300 workshops|改造300个车间|Workshops modernised,改造车间数,workshops,300
D16 D05 2025-12-25|Merge 14 idle state companies|整合14家闲置国企
D17 D13 2024-12-31|Open a shop in one day|开办商店一日办结
D20 D05 2025-06-30|Loans for 5,000 small firms|支持5000家小微企业贷款
D02 D08 2025-12-25|Two parks for recycled metal|两个再生金属园区
# Safety and emergencies|安全与应急
D22 D11 2025-09-30|Sirens in 400 flood villages|400个受淹村安装警报
D22 D10 2025-12-25|A rescue station in every county|每县一个救援站
D11 D22 2025-12-25|Clear the Shaxu flood channel|疏浚沙溆行洪道
D09 D22 2025-06-30|Check 9,000 old lifts|排查9000部老旧电梯|Lifts checked,排查电梯数,lifts,9000
D17 D15 2025-12-25|Test food at 200 markets|200个市场食品检测
# Land and housing|土地与住房
D09 D05 2025-12-25|Repair 50,000 flats|修缮5万套住房
D07 D12 2025-06-30|Map every field boundary|全部地块确界
D09 D21 2025-09-30|Ramps and lifts in 600 blocks|600栋楼加装坡道与电梯
D07 D08 2025-12-25|Restore 70 old quarries|修复70处废弃矿山|Quarries restored,修复矿山数,quarries,70
D07 D01 2025-12-25|One map for all plans|多规合一一张图
# Farms and villages|农业与乡村
D12 D11 2025-06-30|Drip irrigation on 30,000 hectares|3万公顷滴灌
D12 D13 2025-12-25|Cold stores in 90 villages|90个村建冷库
D14 D12 2025-09-30|Save 45 old village halls|修缮45座古祠堂
D12 D20 2025-12-25|Insure the rice harvest|水稻收成保险
D21 D15 2024-12-31|Warm meals for the old in 300 villages|300个村老年餐桌
# A lighter administration|精简政务
D19 D17 2025-12-25|One counter for all permits|许可一窗受理
D17 D19 2025-06-30|Answer complaints within five days|投诉五日内答复
D03 D18 2025-12-25|Share laboratory equipment|共享实验设备
D21 D24 2025-09-30|Halve the forms that villages fill in|村级报表减半|Forms abolished,精简报表数,forms,700
D19 D20 2025-12-25|Pay suppliers within 30 days|三十日内支付货款
# Science, trade and culture|科技、贸易与文化
D01 D13 2025-09-30|A free-trade warehouse in Qingbu|青埠保税仓库
D03 D04 2025-12-25|Eight shared research stations|8个共享科研站
D13 D10 2025-06-30|Direct freight to three sea ports|直通三个海港的货运
D14 D04 2025-12-25|A reading room in every township|每个乡镇一间书屋|Reading rooms open,开放书屋数,rooms,210
D03 D12 2025-12-25|Seed bank of the Yunlan hills|云岚山种质库
"""


def read_plan():
    objectives, tasks = [], []
    for line in filter(None, PLAN.split("\n")):
        if line.startswith("# "):
            objectives.append(line[2:].split("|"))
            continue
        who, english, chinese, *indicator = line.split("|")
        lead, support, due = who.split()
        number = len(tasks)
        tasks.append({
            "id": f"O{number // 5 + 1:02}-T{number % 5 + 1:02}", "lead": lead, "support": support, "due": due,
            "city": f"C{number % 14 + 1:02}", "title": english, "zh": chinese,
            "indicator": indicator[0].split(",") if indicator else None})
    return objectives, tasks


OBJECTIVES, TASKS = read_plan()
TASK = {task["id"]: task for task in TASKS}
LEADS = sorted({task["lead"] for task in TASKS})
CITIES = [org for org in SHORT if org[0] == "C"]


def half_way(task):
    """When the second milestone is due."""
    return "2024-03-20" if task["due"] < "2025" else "2024-09-20"


def write_data(folder):
    """The directory and the plan, as an office would have them in a spreadsheet."""
    with open(folder / "departments.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["org_id", "kind", "name_en", "name_zh"])
        rows.writerows(org[:4] for org in ORGS if org[0] != "D18")
    with open(folder / "programme.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            "programme_id objective_code objective_en objective_zh task_code task_en task_zh lead_org support_orgs "
            "city_orgs accountable_post_en accountable_post_zh start_date due_date report_cycle m1_code m1_due m1_en "
            "m1_zh m2_code m2_due m2_en m2_zh evidence_en weight indicator_code indicator_en indicator_zh unit "
            "direction baseline target_2025".split())
        for task in TASKS:
            number, name = int(task["id"][1:3]), task["id"]
            title, title_zh, unit, target = task["indicator"] or [""] * 4
            rows.writerow([
                "DEMO", f"O{number:02}", *OBJECTIVES[number - 1], name, task["title"], task["zh"], task["lead"],
                task["support"], task["city"], "Principal official", "主要负责人", "2023-02-01", task["due"], "monthly",
                f"{name}-M1", "2023-06-20", "Plan agreed", "方案确认", f"{name}-M2", half_way(task), "Half delivered",
                "半数落地", "dated photographs", 1, *([f"{name}-I1", title, title_zh, unit, "up", "0", target]
                                                  if title else [""] * 7)])
