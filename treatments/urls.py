"""The pages of the treatments app."""

from django.urls import path

from treatments.views import (
    assessments,
    consent_texts,
    consents,
    content,
    products,
    questions,
    reflection,
    screening,
    settings,
    stock,
)

app_name = "treatments"
urlpatterns = [
    path("manage/indications/", content.indication_list, name="indication-list"),
    path("manage/indications/<slug:slug>/edit/", content.indication_edit, name="indication-edit"),
    path(
        "manage/indications/<slug:slug>/preview/",
        content.indication_preview,
        name="indication-preview",
    ),
    path(
        "manage/indications/<slug:slug>/versions/<int:number>/",
        content.revision_detail,
        name="revision-detail",
    ),
    path(
        "manage/indications/<slug:slug>/settings/",
        settings.indication_settings,
        name="indication-settings",
    ),
    path("manage/indications/<slug:slug>/protocol/", settings.protocol_edit, name="protocol-edit"),
    path("manage/products/", products.product_list, name="product-list"),
    path("manage/products/<slug:code>/", products.product_detail, name="product-detail"),
    path("manage/products/<slug:code>/edit/", products.product_edit, name="product-edit"),
    path("manage/products/<slug:code>/lots/new/", stock.lot_add, name="lot-add"),
    path("manage/lots/<int:pk>/", stock.lot_detail, name="lot-detail"),
    path("manage/lots/<int:pk>/open/", stock.lot_open, name="lot-open"),
    path("manage/lots/<int:pk>/quarantine/", stock.lot_quarantine, name="lot-quarantine"),
    path("manage/lots/<int:pk>/release/", stock.lot_release, name="lot-release"),
    path("manage/lots/<int:pk>/used-up/", stock.lot_use_up, name="lot-use-up"),
    path("manage/lots/<int:pk>/restock/", stock.lot_restock, name="lot-restock"),
    path("stock/", stock.stock_list, name="stock-list"),
    path("manage/consents/", consent_texts.text_list, name="consent-text-list"),
    path(
        "manage/consents/<slug:unit>/<slug:slug>/edit/",
        consent_texts.text_edit,
        name="consent-text-edit",
    ),
    path(
        "manage/consents/<slug:unit>/<slug:slug>/in/<slug:language>/",
        consent_texts.text_edit,
        name="consent-text-translate",
    ),
    path(
        "manage/consents/versions/<int:pk>/",
        consent_texts.text_detail,
        name="consent-text-detail",
    ),
    path(
        "manage/consents/versions/<int:pk>/withdraw/",
        consent_texts.text_withdraw,
        name="consent-text-withdraw",
    ),
    path("courses/<int:course_pk>/consents/", consents.consent_list, name="consent-list"),
    path("courses/<int:course_pk>/consents/sign/", consents.consent_sign, name="consent-sign"),
    path(
        "courses/<int:course_pk>/consents/reopen/", consents.consent_reopen, name="consent-reopen"
    ),
    path("courses/<int:course_pk>/consents/explain/", reflection.explain, name="consent-explain"),
    path(
        "courses/<int:course_pk>/consents/begin-earlier/",
        reflection.begin_earlier,
        name="reflection-waive",
    ),
    path("consents/<int:pk>/", consents.consent_detail, name="consent-detail"),
    path("consents/<int:pk>/pdf/", consents.consent_download, name="consent-pdf"),
    path("consents/<int:pk>/revoke/", consents.consent_revoke, name="consent-revoke"),
    path("manage/health-questions/", questions.question_list, name="question-list"),
    path(
        "manage/health-questions/<int:pk>/switch/",
        questions.question_switch,
        name="question-switch",
    ),
    path("courses/<int:course_pk>/may-start/", screening.may_start, name="may-start"),
    path("courses/<int:course_pk>/may-start.json", screening.may_start_data, name="may-start-data"),
    path(
        "courses/<int:course_pk>/may-start/sign-off/",
        screening.clearance_give,
        name="clearance-give",
    ),
    path("clearances/<int:pk>/withdraw/", screening.clearance_withdraw, name="clearance-withdraw"),
    path(
        "patients/<int:patient_pk>/assessments/new/",
        assessments.assessment_add,
        name="assessment-add",
    ),
]
