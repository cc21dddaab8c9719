import { defineService, type Service } from '../../kernel/service.ts';
import { exportCertificate, importCertificate } from './operations/importing.ts';
import {
  describeCertificate,
  getAccountConfiguration,
  getCertificate,
  listCertificates,
  putAccountConfiguration,
} from './operations/reading.ts';
import {
  deleteCertificate,
  renewCertificate,
  requestCertificate,
  updateCertificateOptions,
} from './operations/requesting.ts';
import {
  addTagsToCertificate,
  listTagsForCertificate,
  listTagsForResource,
  removeTagsFromCertificate,
  tagResource,
  untagResource,
} from './operations/tags.ts';
import type { CertificateKeys } from './ports.ts';
import { certificate } from './resources/certificate.ts';
import { authorityRoute } from './routes.ts';

/** AWS Certificate Manager. */
export const acm = ({ keys }: { readonly keys: CertificateKeys }): Service =>
  defineService('acm', {
    operations: {
      AddTagsToCertificate: addTagsToCertificate,
      DeleteCertificate: deleteCertificate,
      DescribeCertificate: describeCertificate,
      ExportCertificate: exportCertificate,
      GetAccountConfiguration: getAccountConfiguration,
      GetCertificate: getCertificate,
      ImportCertificate: importCertificate,
      ListCertificates: listCertificates,
      ListTagsForCertificate: listTagsForCertificate,
      ListTagsForResource: listTagsForResource,
      PutAccountConfiguration: putAccountConfiguration,
      RemoveTagsFromCertificate: removeTagsFromCertificate,
      RenewCertificate: renewCertificate(keys),
      RequestCertificate: requestCertificate(keys),
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateCertificateOptions: updateCertificateOptions,
    },
    resources: { 'AWS::CertificateManager::Certificate': certificate },
    routes: [authorityRoute(keys)],
  });
