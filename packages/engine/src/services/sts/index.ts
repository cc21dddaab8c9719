import { defineService, type Service } from '../../kernel/service.ts';
import { expiryController } from './expiry.ts';
import { assumeRole, getAccessKeyInfo, getCallerIdentity, getSessionToken } from './operations.ts';

/** Security Token Service: who am I, and temporary keys. */
export const sts = (): Service =>
  defineService('sts', {
    operations: {
      AssumeRole: assumeRole,
      GetAccessKeyInfo: getAccessKeyInfo,
      GetCallerIdentity: getCallerIdentity,
      GetSessionToken: getSessionToken,
    },
    controllers: [expiryController],
  });
